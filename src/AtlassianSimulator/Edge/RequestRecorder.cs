using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AtlassianSimulator.Control;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace AtlassianSimulator.Edge;

/// <summary>Records a request as it came over the wire, before its answer leaves, so that whoever has the answer finds the record.</summary>
internal sealed class RequestRecorder(RequestRecord record, SimulatorClock clock)
{
    public async Task RunAsync(HttpContext http, Func<Task> next)
    {
        var at = clock.GetUtcNow();
        var body = new HashingStream(http.Request.Body);
        http.Request.Body = body;

        // An answer without a body starts after this method is over, and is still to be recorded then.
        http.Response.RegisterForDispose(body);
        var recorded = false;
        http.Response.OnStarting(() => RecordAsync(http.Response.StatusCode));
        try
        {
            await next();
        }
        finally
        {
            if (Connection.WasDropped(http) || http.RequestAborted.IsCancellationRequested)
            {
                await RecordAsync(0);
            }
        }

        async Task RecordAsync(int status)
        {
            if (recorded)
            {
                return;
            }

            recorded = true;
            // A client that waits to be told to send is not told so by an answer.
            if (body.Length > 0 || !http.Request.Headers.Expect.Contains("100-continue"))
            {
                await body.DrainAsync();
            }

            record.Add(Describe(http, at, body, status));
        }
    }

    private static RecordedRequest Describe(HttpContext http, DateTimeOffset at, HashingStream body, int status) => new(
        at,
        http.Request.Method,
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
        [.. http.Request.Headers.SelectMany(header => header.Value.Select(value => new RecordedHeader(header.Key, Shown(header.Key, value ?? ""))))],
        body.Length,
        body.Sha256,
        status);

    // Enough to see whether two requests had the same credentials, not enough to use them.
    private static string Shown(string name, string value)
    {
        if (name.Equals(HeaderNames.Cookie, StringComparison.OrdinalIgnoreCase))
        {
            return $"sha256:{Hash(value)}";
        }

        if (!name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase))
        {
            return value;
        }

        var space = value.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? $"sha256:{Hash(value)}" : $"{value[..space]} sha256:{Hash(value[(space + 1)..].Trim())}";
    }

    private static string Hash(string value) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
