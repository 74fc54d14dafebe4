using System.Text.Json.Nodes;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tokens;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>Every answer that an app gets from the gateway instead of from Atlassian.</summary>
internal sealed class ProxyProblems(ConnectLinks links)
{
    private const string Challenge = "Bearer realm=\"confluence-gateway\"";

    /// <summary>The request addresses nothing.</summary>
    public static Problem Of(TargetError error) => error switch
    {
        TargetError.UnsafePath => new Problem(400, "bad-path", "The path is not safe to forward",
            "The path holds dot segments, control characters or a fragment, plain or encoded. Send the path that is meant."),
        TargetError.InvalidConnectionId => new Problem(400, "bad-path", "The path names no connection",
            $"The second path segment must be a connection id: {ConnectionId.Rule}. The base URL is /{{product}}/{{connectionId}}."),
        TargetError.InvalidHost => new Problem(400, "bad-host", "The host names no connection",
            $"What stands before Routing:HostSuffix in the host must be a connection id: {ConnectionId.Rule}."),
        _ => new Problem(404, "unknown-product", "Unknown product",
            "The first path segment must be 'confluence' or 'jira'. The base URL is /{product}/{connectionId}."),
    };

    /// <summary>There is no token for the request.</summary>
    public Problem Of(ConnectionId id, TokenOutcome outcome) => outcome switch
    {
        TokenOutcome.Unknown => new Problem(404, "unknown-connection", "Unknown connection",
            $"There is no connection '{id}'. Check the base URL, or have an operator make the connection."),
        TokenOutcome.Paused => new Problem(403, "connection-paused", "The connection is paused",
            $"An operator paused '{id}'. Ask them to resume it."),
        TokenOutcome.NotConnected => WithLink(id, new Problem(401, "not-connected", "The connection was never connected",
            $"Nobody has consented for '{id}' yet. Open the reconnectUrl in a browser and consent.")
        { Challenges = [Challenge] }),
        TokenOutcome.ReauthRequired { Death: var death } => WithLink(id, new Problem(401, "reauth-required", "The grant is dead",
            $"Atlassian no longer accepts the grant of '{id}'. Open the reconnectUrl in a browser and consent again.")
        {
            Challenges = [Challenge + ", error=\"invalid_token\", error_description=\"The grant is dead; open the reconnectUrl of the body\""],
            Members = { ["reason"] = GrantRecord.Name(death.Reason), ["evidence"] = death.Evidence, ["since"] = death.Since },
        }),
        TokenOutcome.Misconfigured { Evidence: var evidence, RetryAfter: var wait } => new Problem(503, "gateway-misconfigured", "The gateway's app is refused",
            $"No connection is at fault: {evidence}. An operator must look at the app: /health/ready of the management listener says what to do.")
        { RetryAfter = wait },
        TokenOutcome.Unavailable { Evidence: var evidence, RetryAfter: var wait } => new Problem(503, "token-unavailable", "No token just now",
            $"There is no valid token for '{id}' at the moment: {evidence}. Try again later.")
        { RetryAfter = wait },
        _ => throw new InvalidOperationException($"{outcome.GetType().Name} is no problem."),
    };

    /// <summary>The token was refreshed, and the body is gone.</summary>
    public static Problem RetryRequest() => new(503, "retry-request", "Send the request again",
        "Atlassian rejected the token, it was refreshed, and the body was too long to be kept for a second try. Send the same request again.")
    {
        RetryAfter = TimeSpan.FromSeconds(1),
    };

    /// <summary>The body is longer than the gateway forwards.</summary>
    public static Problem BodyTooLarge(long limit) => new(413, "body-too-large", "The body is too large",
        $"The gateway forwards bodies of up to {limit} bytes. Send less, or have an operator raise Listen:MaxRequestBodyBytes.");

    /// <summary>As many requests are under way as may be.</summary>
    public static Problem TooManyRequests(int limit) => new(503, "gateway-busy", "Too many requests at a time",
        $"The gateway answers {limit} requests at a time. Send it again in a moment, or have an operator add replicas or raise Listen:MaxConcurrentRequests.")
    { RetryAfter = TimeSpan.FromSeconds(1) };

    /// <summary>The connection has used its share of the app's quota, and the rest is kept for others.</summary>
    public static Problem OverFairShare(ConnectionId id, TimeSpan wait) => new(429, "over-fair-share", "The connection is over its share",
        $"The app's hourly quota at Atlassian is nearly used up, and '{id}' has used more than its share. The rest is kept for the other connections until the quota begins anew.")
    { RetryAfter = wait };

    /// <summary>The method would not reach the site as what it is.</summary>
    public static Problem MethodNotForwarded(string method) => new(405, "method-not-allowed", "The method is not allowed",
        $"{method} is not forwarded: its answer would show the connection's token, or be no answer at all.");

    /// <summary>A status is read and not written.</summary>
    public static Problem StatusIsRead(string method) => new(405, "method-not-allowed", "The method is not allowed",
        $"The status of a connection is read by GET or HEAD, not by {method}.");

    /// <summary>A WebSocket was asked for. Not 501: it is no failure of the gateway, and must not look like one to who counts those.</summary>
    public static Problem UpgradeRefused() => new(400, "upgrade-not-supported", "WebSocket is not forwarded",
        "The APIs of Confluence and Jira have no WebSocket. Send plain requests.");

    /// <summary>The content has no attachment of that name.</summary>
    public static Problem NoSuchAttachment(AttachmentDownload attachment) => new(404, "unknown-attachment", "There is no such attachment",
        $"The content {attachment.PageId} has no attachment '{attachment.FileName}', or the account that consented may not see it.");

    /// <summary>The forwarder failed before an answer began; null when there is nobody left to answer.</summary>
    public static Problem? Of(ForwarderError error, Exception? exception) => error switch
    {
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled => null,
        ForwarderError.RequestTimedOut => new Problem(504, "upstream-timeout", "Atlassian is too slow",
            "Atlassian did not answer in time. It may have done what was asked: check before sending it again."),
        ForwarderError.RequestBodyClient when exception is BadHttpRequestException bad => new Problem(bad.StatusCode, "bad-request-body", "The body cannot be read",
            "The body that was announced did not arrive as announced. Send it again."),
        ForwarderError.RequestBodyClient => null,
        _ => new Problem(502, "upstream-unreachable", "Atlassian is out of reach",
            "The gateway could not reach Atlassian, or the connection broke before an answer came."),
    };

    /// <summary>Where a person connects <paramref name="id"/> again; null while the key ring is not loaded, since no link can be signed then.</summary>
    public string? ReconnectUrl(ConnectionId id)
    {
        try
        {
            return links.Create(id, LinkIssuer.Caller).Url.AbsoluteUri;
        }
        catch (KeyRingUnavailableException)
        {
            return null;
        }
    }

    // Without a link the rest of the answer is still true.
    private Problem WithLink(ConnectionId id, Problem problem)
    {
        if (ReconnectUrl(id) is { } url)
        {
            problem.Members.Add("reconnectUrl", JsonValue.Create(url));
        }

        return problem;
    }
}
