using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>A request that reached the upstream.</summary>
/// <param name="Head">Its head, byte for byte.</param>
/// <param name="Trailers">Its trailers; null when its body was cut off.</param>
internal sealed record RecordedRequest(RawHead Head, RawHead? Trailers)
{
    /// <summary>The number of the hostile request that it came of; -1 when it bears none.</summary>
    public int Number => NumberIn(Head.Target);

    public static int NumberIn(string target) =>
        Regex.Match(target, "c([0-9]+)z") is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : -1;
}

/// <summary>An upstream that notes every request as it stood on the wire, and answers each with 200 and whose it was.</summary>
internal sealed class Recorder : IAsyncDisposable
{
    public const string NumberHeader = "X-Number";
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly ConcurrentQueue<string> _oddities = new();
    private readonly RawUpstream _upstream;

    public Recorder() => _upstream = RawUpstream.Start(ServeAsync);

    public string Url => _upstream.Url;

    public IReadOnlyCollection<RecordedRequest> Requests => _requests;

    /// <summary>What no HTTP server could read as the end of a request or the beginning of the next.</summary>
    public IReadOnlyCollection<string> Oddities => _oddities;

    public ValueTask DisposeAsync() => _upstream.DisposeAsync();

    private async Task ServeAsync(RawConnection connection)
    {
        try
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                if (head.Values("Expect").Contains("100-continue"))
                {
                    await connection.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
                }

                var trailers = head.IsChunked || head.ContentLength is not null
                    ? await connection.ReadBodyAsync(head, _ => { })
                    : RawHead.Parse([]);
                var request = new RecordedRequest(head, trailers);
                _requests.Enqueue(request);
                if (trailers is null)
                {
                    return;
                }

                await connection.WriteAsync(Encoding.Latin1.GetBytes(
                    $"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{NumberHeader}: {request.Number}\r\n\r\n{(head.Method == "HEAD" ? "" : "ok")}"));
            }

            if (connection.HasUnread)
            {
                _oddities.Enqueue("bytes behind the last request");
            }
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            _oddities.Enqueue(exception.Message);
        }
    }
}
