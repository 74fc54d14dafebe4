using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Webhooks;

/// <summary>Makes one attempt to deliver an event, as the Standard Webhooks specification asks.</summary>
internal sealed class WebhookClient(WebhookConnector connector, IOptionsMonitor<WebhookOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>How long a receiver may take. The specification advises 15 to 30 seconds.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would connect in the gateway's place, where no address is looked at.
        UseProxy = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectCallback = connector.ConnectAsync,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        // What a receiver says beyond its status is of no use: a little is read so that the connection serves again.
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 4096,
    });

    /// <summary>Sends an event and tells what became of it.</summary>
    /// <param name="url">The endpoint's URL.</param>
    /// <param name="eventId">The event's id.</param>
    /// <param name="payload">The bytes to send.</param>
    /// <param name="secrets">The secrets to sign with.</param>
    public async Task<Attempt> SendAsync(string url, string eventId, byte[] payload, IReadOnlyList<WebhookSecret> secrets)
    {
        // It was good when it was taken, but the settings may have changed since.
        if (EndpointUrl.Refusal(url, options.CurrentValue.AllowPrivateNetworks) is not null)
        {
            return new Attempt.Failed("url_not_allowed", null);
        }

        using var request = Request(url, eventId, payload, secrets);
        using var timeout = new CancellationTokenSource(Timeout, time);
        try
        {
            using var response = await _http.SendAsync(request, timeout.Token);
            return Read(response);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new Attempt.Failed("timeout", null);
        }
        catch (HttpRequestException exception)
        {
            // Only the kind: messages name hosts, and a URL may hold a secret.
            return new Attempt.Failed(
                exception.InnerException is TargetNotPublicException ? "address_not_public" : JsonNamingPolicy.SnakeCaseLower.ConvertName(exception.HttpRequestError.ToString()), null);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(string url, string eventId, byte[] payload, IReadOnlyList<WebhookSecret> secrets)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", "ConfluenceGateway/" + GatewayMetrics.Version);
        request.Headers.TryAddWithoutValidation("webhook-id", eventId);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.TryAddWithoutValidation("webhook-signature", WebhookSignature.Header(eventId, timestamp, payload, secrets));
        return request;
    }

    private Attempt Read(HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        return status switch
        {
            >= 200 and < 300 => new Attempt.Delivered(status),
            410 => new Attempt.Gone(),
            429 or 503 => new Attempt.Failed(Text(status), RetryAfter(response.Headers.RetryAfter)),
            _ => new Attempt.Failed(Text(status), null),
        };
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header?.Delta ?? header?.Date - time.GetUtcNow();

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What became of an attempt.</summary>
internal abstract record Attempt
{
    private Attempt()
    {
    }

    /// <summary>The receiver has the event.</summary>
    /// <param name="Status">What it answered, from 200 to 299.</param>
    internal sealed record Delivered(int Status) : Attempt;

    /// <summary>The receiver wants no more events (410).</summary>
    internal sealed record Gone : Attempt;

    /// <summary>It must be tried again.</summary>
    /// <param name="Answer">The status, or the kind of error; never anything of the URL or the answer.</param>
    /// <param name="RetryAfter">How long the receiver asked to wait; null when it did not.</param>
    internal sealed record Failed(string Answer, TimeSpan? RetryAfter) : Attempt;
}
