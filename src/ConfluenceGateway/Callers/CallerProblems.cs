using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Callers;

/// <summary>What a caller is told that may not do what it asks for. None of it depends on whether a connection exists.</summary>
internal static class CallerProblems
{
    private const string HowToSend = "Send a caller key as the password of Basic, with any user name, as a Bearer token, or as " + CallerCredentials.Header + ".";

    // Two values, since some clients read only the first challenge of a line. Basic comes first: it is what old apps know.
    private static readonly string[] Challenges = ["Basic realm=\"confluence-gateway\"", "Bearer realm=\"confluence-gateway\""];

    /// <summary>No key was sent.</summary>
    public static Problem Missing() => Unauthorized($"The request has no caller key. {HowToSend}");

    /// <summary>There is no such key, or no longer.</summary>
    public static Problem Unknown() => Unauthorized($"The caller key is wrong, or an operator revoked it. {HowToSend}");

    /// <summary>The key has ended.</summary>
    public static Problem Expired(CallerKey key) => Unauthorized($"The caller key '{key.Id}' expired at {key.ExpiresAt:u}. Ask an operator for a new one.");

    /// <summary>It is not clear which key is meant.</summary>
    public static Problem Unclear(string fault) => Unauthorized(fault);

    /// <summary>The key is for other connections.</summary>
    public static Problem OtherConnection(CallerKey key, ConnectionId id) => Forbidden(
        $"The caller key '{key.Id}' is not for '{id}'. Check the base URL, or ask an operator for a key for it.");

    /// <summary>The key is for reading.</summary>
    public static Problem ReadOnly(CallerKey key, string method) => Forbidden(
        $"The caller key '{key.Id}' is for reading: GET, HEAD and OPTIONS. {method} changes something. Ask an operator for a key with write access.");

    /// <summary>Nothing is known of the key, and nobody can be asked.</summary>
    public static Problem StoreUnavailable() => new(503, "store-unavailable", "The store is out of reach",
        "Redis does not answer. What this request needs of it is not known here. Try again later.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    private static Problem Unauthorized(string detail) => new(401, "caller-unauthorized", "The caller is not known", detail) { Challenges = Challenges };

    private static Problem Forbidden(string detail) => new(403, "caller-forbidden", "The caller may not do this", detail);
}
