using System.Text.Json.Serialization;

namespace ConfluenceGateway.Connections;

/// <summary>What one answer of the token endpoint gave.</summary>
/// <remarks>No record: a copy with another token would carry the header of the old one.</remarks>
internal sealed class TokenPair(Secret accessToken, Secret refreshToken, DateTimeOffset obtainedAt, DateTimeOffset expiresAt)
{
    private const string Scheme = "Bearer ";

    /// <summary>Sent to Confluence. Taken from the header each time: tokens are long, and thousands of pairs are in memory.</summary>
    public Secret AccessToken => new(Authorization[Scheme.Length..]);

    /// <summary>Spent for the next pair.</summary>
    public Secret RefreshToken { get; } = refreshToken;

    /// <summary>When the answer came.</summary>
    public DateTimeOffset ObtainedAt { get; } = obtainedAt;

    /// <summary>When the access token ends, by <c>expires_in</c>.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>The value of the upstream's <c>Authorization</c> header, made once.</summary>
    [JsonIgnore]
    public string Authorization { get; } = Scheme + accessToken.Reveal();

    /// <summary>How long the access token lives in all.</summary>
    public TimeSpan Lifetime => ExpiresAt - ObtainedAt;
}
