namespace ConfluenceGateway.Connections;

/// <summary>What one answer of the token endpoint gave.</summary>
/// <param name="AccessToken">Sent to Confluence.</param>
/// <param name="RefreshToken">Spent for the next pair.</param>
/// <param name="ObtainedAt">When the answer came.</param>
/// <param name="ExpiresAt">When the access token ends, by <c>expires_in</c>.</param>
internal sealed record TokenPair(Secret AccessToken, Secret RefreshToken, DateTimeOffset ObtainedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>How long the access token lives in all.</summary>
    public TimeSpan Lifetime => ExpiresAt - ObtainedAt;
}
