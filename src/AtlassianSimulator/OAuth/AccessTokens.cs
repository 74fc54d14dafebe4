using System.Collections.Concurrent;

namespace AtlassianSimulator.OAuth;

/// <summary>An issued access token.</summary>
/// <param name="Ordinal">Its place among the grant's access tokens, from 1.</param>
/// <param name="UsableUntil">When it stops working, which a fault may set before what <c>expires_in</c> said.</param>
internal sealed record AccessToken(Grant Grant, long Ordinal, DateTimeOffset UsableUntil);

/// <summary>The access tokens issued, found by their fingerprint.</summary>
internal sealed class AccessTokens(SimulatorClock clock, TokenMint mint)
{
    private const int SweepEvery = 4096;

    private readonly ConcurrentDictionary<string, AccessToken> _issued = new(StringComparer.Ordinal);
    private int _sinceSweep;

    /// <summary>Issues a token; the caller holds the grant's gate.</summary>
    public string Issue(Grant grant, TimeSpan lifetime, TimeSpan? diesAfter)
    {
        var token = mint.AccessToken(grant, lifetime);
        var life = diesAfter is { } early && early < lifetime ? early : lifetime;
        _issued[TokenSigner.Fingerprint(token)] = new AccessToken(grant, ++grant.AccessTokensIssued, clock.GetUtcNow() + life);
        Sweep();
        return token;
    }

    /// <summary>The token if it was issued here, good or not.</summary>
    public AccessToken? Find(string? token) =>
        token is not null && _issued.TryGetValue(TokenSigner.Fingerprint(token), out var issued) ? issued : null;

    /// <summary>The token if it is good now.</summary>
    public AccessToken? FindUsable(string? token) =>
        Find(token) is { } issued && issued.UsableUntil > clock.GetUtcNow() && !issued.Grant.IsDead(issued.Ordinal) ? issued : null;

    // Long chaos runs issue hundreds of thousands of tokens; an expired one answers like an unknown one, so it can go.
    private void Sweep()
    {
        if (Interlocked.Increment(ref _sinceSweep) % SweepEvery != 0)
        {
            return;
        }

        var now = clock.GetUtcNow();
        foreach (var (fingerprint, token) in _issued)
        {
            if (token.UsableUntil <= now)
            {
                _issued.TryRemove(fingerprint, out _);
            }
        }
    }
}
