using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Atlassian;

/// <summary>Where refresh tokens are exchanged (RFC 6749 section 6).</summary>
internal interface ITokenEndpoint
{
    /// <summary>Spends a refresh token for the next pair.</summary>
    /// <param name="refreshToken">The token to spend.</param>
    /// <param name="cancellationToken">Ends the wait; the token may be spent all the same.</param>
    Task<TokenAnswer> RefreshAsync(Secret refreshToken, CancellationToken cancellationToken);
}
