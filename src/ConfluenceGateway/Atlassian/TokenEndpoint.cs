using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Atlassian;

/// <summary>Atlassian's token endpoint: exchanges codes and refresh tokens for pairs (RFC 6749 sections 4.1.3 and 6).</summary>
internal sealed partial class TokenEndpoint(HttpClient http, IOptionsMonitor<AtlassianOptions> options, TimeProvider time) : ITokenEndpoint
{
    /// <summary>Exchanges an authorization code.</summary>
    /// <param name="code">The code from the callback.</param>
    /// <param name="redirectUri">The callback URL that the authorize request named.</param>
    /// <param name="cancellationToken">Ends the wait; the code may be spent all the same.</param>
    public Task<TokenAnswer> ExchangeCodeAsync(Secret code, Uri redirectUri, CancellationToken cancellationToken) =>
        PostAsync(
            new
            {
                grant_type = "authorization_code",
                client_id = options.CurrentValue.ClientId,
                client_secret = options.CurrentValue.ClientSecret,
                code = code.Reveal(),
                redirect_uri = redirectUri.AbsoluteUri,
            },
            sent: null,
            cancellationToken);

    /// <inheritdoc />
    public Task<TokenAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken) =>
        PostAsync(
            new
            {
                grant_type = "refresh_token",
                client_id = options.CurrentValue.ClientId,
                client_secret = options.CurrentValue.ClientSecret,
                refresh_token = refreshToken.Reveal(),
            },
            refreshToken,
            cancellationToken);

    private async Task<TokenAnswer> PostAsync<T>(T body, Secret? sent, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.PostAsJsonAsync(new Uri(new Uri(options.CurrentValue.AuthBaseUrl), "/oauth/token"), body, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.StatusCode == HttpStatusCode.OK ? Read(text, sent) : Classify(response, text);
        }
        catch (HttpRequestException exception) when (exception.HttpRequestError is
            HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError)
        {
            // No connection, no request: the token was provably not sent.
            return new TokenAnswer.Unsent($"no connection ({exception.HttpRequestError})", null);
        }
        catch (HttpRequestException exception)
        {
            return new TokenAnswer.Ambiguous($"the connection broke ({exception.HttpRequestError})");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The client has no time-out of its own but the one for connecting.
            return new TokenAnswer.Unsent("no connection in time", null);
        }
        catch (OperationCanceledException)
        {
            return new TokenAnswer.Ambiguous("no answer in time");
        }
    }

    private TokenAnswer Read(string text, Secret? sent)
    {
        var now = time.GetUtcNow();
        var answer = Parse<SuccessBody>(text);
        if (answer is not { access_token.Length: > 0, expires_in: > 0 })
        {
            return new TokenAnswer.Ambiguous("200 without a readable token");
        }

        // A refresh answer sometimes comes without a new refresh token: the one that was sent stays good.
        var refreshToken = answer.refresh_token is { Length: > 0 } given ? new Secret(given) : sent;
        return refreshToken is null
            ? new TokenAnswer.NoRefreshToken()
            : new TokenAnswer.Success(
                new TokenPair(new Secret(answer.access_token), refreshToken, now, now.AddSeconds(answer.expires_in)),
                answer.scope?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? []);
    }

    private TokenAnswer Classify(HttpResponseMessage response, string text)
    {
        var status = (int)response.StatusCode;
        if (response.StatusCode == HttpStatusCode.TooManyRequests)
        {
            return new TokenAnswer.Unsent("429", RetryAfter(response.Headers.RetryAfter));
        }

        // Proxies and firewalls on the way answer 4xx too, in HTML: only an RFC 6749 error is the token endpoint's word.
        if (status is < 400 or >= 500 or 408 || Parse<ErrorBody>(text) is not { error.Length: > 0 } body)
        {
            return new TokenAnswer.Ambiguous($"{status} without an OAuth error");
        }

        var evidence = Short($"{status} {body.error}: {body.error_description}");
        return IsDead(body) ? new TokenAnswer.Dead(evidence) : new TokenAnswer.Misconfigured(evidence);
    }

    // invalid_grant is what the documents say; unauthorized_client about a refresh token is what the live endpoint answers for
    // the same; a bad code is invalid_request about it. A wrong client secret is access_denied there, so it falls through.
    private static bool IsDead(ErrorBody body) => body.error switch
    {
        "invalid_grant" => true,
        "unauthorized_client" => Mentions(body, "refresh_token") || Mentions(body, "refresh token"),
        "invalid_request" => Mentions(body, "authorization_code is invalid"),
        _ => false,
    };

    private static bool Mentions(ErrorBody body, string words) =>
        body.error_description?.Contains(words, StringComparison.OrdinalIgnoreCase) == true;

    // The answer is shown to people and logged: whatever it may repeat of what was sent stays out.
    private static string Short(string answer) => LongWord().Replace(answer.Length > 300 ? answer[..300] : answer, "[redacted]");

    [GeneratedRegex(@"[\w.~+/=-]{40,}")]
    private static partial Regex LongWord();

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date ? TimeSpan.FromTicks(Math.Max(0, (date - time.GetUtcNow()).Ticks)) : null);

    private static TBody? Parse<TBody>(string text)
        where TBody : class
    {
        try
        {
            return JsonSerializer.Deserialize<TBody>(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }

#pragma warning disable IDE1006 // RFC 6749's own names
    private sealed record SuccessBody(string access_token, string? refresh_token, int expires_in, string? scope);

    private sealed record ErrorBody(string error, string? error_description);
#pragma warning restore IDE1006
}
