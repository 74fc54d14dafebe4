using System.Collections.Concurrent;
using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.OAuth;

/// <summary>A refresh token as the server remembers it.</summary>
internal sealed class RefreshToken(Grant grant)
{
    public Grant Grant => grant;

    /// <summary>When it was first exchanged; null while it is unspent. Guarded by the grant's gate.</summary>
    public DateTimeOffset? SpentAt { get; set; }
}

/// <summary>The grants, and every refresh token that ever came from them.</summary>
internal sealed class Grants(SimulatorClock clock, LiveSettings settings, TokenMint mint)
{
    private readonly ConcurrentDictionary<string, Grant> _grants = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RefreshToken> _refreshTokens = new(StringComparer.Ordinal);

    public IEnumerable<Grant> All => _grants.Values.OrderBy(grant => grant.ConsentedAt).ThenBy(grant => grant.Id, StringComparer.Ordinal);

    public Grant? Find(string? id) => id is not null && _grants.TryGetValue(id, out var grant) ? grant : null;

    public RefreshToken? FindRefreshToken(string token) => _refreshTokens.GetValueOrDefault(TokenSigner.Fingerprint(token));

    public Grant Create(Account account, string clientId, IReadOnlyList<string> scopes, IEnumerable<Site> sites)
    {
        var grant = new Grant(Guid.NewGuid().ToString("N"), account, clientId, scopes, sites, clock.GetUtcNow());
        _grants[grant.Id] = grant;
        return grant;
    }

    /// <summary>Issues the grant's next refresh token.</summary>
    public string IssueRefreshToken(Grant grant)
    {
        var token = mint.RefreshToken(grant, settings.Current.InactivityLimit);
        var fingerprint = TokenSigner.Fingerprint(token);
        _refreshTokens[fingerprint] = new RefreshToken(grant);
        lock (grant.Gate)
        {
            grant.CurrentFingerprint = fingerprint;
        }

        return token;
    }

    /// <summary>Lets a grant die of age if it has, and says why it is dead.</summary>
    public string? Examine(Grant grant)
    {
        var now = clock.GetUtcNow();
        lock (grant.Gate)
        {
            if (now - grant.ConsentedAt > settings.Current.ConsentLifetime)
            {
                grant.Kill(DeadReasons.ConsentExpired);
            }
            else if (now - grant.LastUsedAt > settings.Current.InactivityLimit)
            {
                grant.Kill(DeadReasons.Inactive);
            }

            return grant.DeadReason;
        }
    }

    /// <summary>Kills every grant of an account, as a new password does.</summary>
    public void ChangePassword(Account account)
    {
        foreach (var grant in _grants.Values.Where(grant => grant.Account == account))
        {
            grant.Kill(DeadReasons.PasswordChanged);
        }
    }
}
