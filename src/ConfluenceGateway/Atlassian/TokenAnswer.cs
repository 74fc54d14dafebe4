using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Atlassian;

/// <summary>What the token endpoint's answer means. The set is closed: handle it with a <c>switch</c>.</summary>
internal abstract record TokenAnswer
{
    private TokenAnswer()
    {
    }

    /// <summary>A new pair.</summary>
    /// <param name="Pair">The pair; its refresh token is the one sent when the answer had none.</param>
    /// <param name="Scopes">What was granted.</param>
    internal sealed record Success(TokenPair Pair, IReadOnlyList<string> Scopes) : TokenAnswer;

    /// <summary>A code was exchanged, and the answer has no refresh token: the consent did not include <c>offline_access</c>.</summary>
    internal sealed record NoRefreshToken : TokenAnswer;

    /// <summary>The token or code that was sent is dead for good.</summary>
    /// <param name="Evidence">The answer in short; never a token.</param>
    internal sealed record Dead(string Evidence) : TokenAnswer;

    /// <summary>The app itself is refused: no grant is at fault.</summary>
    /// <param name="Evidence">The answer in short.</param>
    internal sealed record Misconfigured(string Evidence) : TokenAnswer;

    /// <summary>The token was certainly not spent; trying again is safe.</summary>
    /// <param name="Evidence">What happened.</param>
    /// <param name="RetryAfter">How long the endpoint asked to wait.</param>
    internal sealed record Unsent(string Evidence, TimeSpan? RetryAfter) : TokenAnswer;

    /// <summary>The token may have been spent: there is no usable answer.</summary>
    /// <param name="Evidence">What happened.</param>
    internal sealed record Ambiguous(string Evidence) : TokenAnswer;
}
