using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.OAuth;

/// <summary>One consent and the family of tokens that came from it.</summary>
/// <remarks>All that changes is guarded by <see cref="Gate"/>, which makes an exchange one step.</remarks>
internal sealed class Grant(string id, Account account, string clientId, IReadOnlyList<string> scopes, IEnumerable<Site> sites, DateTimeOffset consentedAt)
{
    private readonly List<Site> _sites = [.. sites];
    private long _attempts, _rejected, _inFlight, _maxInFlight;

    public Lock Gate { get; } = new();

    public string Id => id;

    public Account Account => account;

    public string ClientId => clientId;

    public IReadOnlyList<string> Scopes { get; } = scopes;

    public string ScopeText { get; } = string.Join(' ', scopes);

    public DateTimeOffset ConsentedAt { get; } = consentedAt;

    /// <summary>When a refresh token was last used; the inactivity limit counts from here.</summary>
    public DateTimeOffset LastUsedAt { get; set; } = consentedAt;

    /// <summary>Why no refresh token of the family works any more; null while they do.</summary>
    public string? DeadReason { get; private set; }

    /// <summary>Fingerprint of the newest refresh token.</summary>
    public string? CurrentFingerprint { get; set; }

    public long Exchanges { get; set; }

    public long Attempts => Interlocked.Read(ref _attempts);

    public long Rejected => Interlocked.Read(ref _rejected);

    public long InFlight => Interlocked.Read(ref _inFlight);

    public long MaxInFlight => Interlocked.Read(ref _maxInFlight);

    /// <summary>Counts the access tokens issued, so that "all issued so far" is a number.</summary>
    public long AccessTokensIssued { get; set; }

    public long AccessTokensDeadThrough { get; set; }

    public IReadOnlyList<Site> Sites
    {
        get
        {
            lock (Gate)
            {
                return [.. _sites];
            }
        }
    }

    public bool Reaches(Site site)
    {
        lock (Gate)
        {
            return _sites.Contains(site);
        }
    }

    public bool RemoveSite(Site site)
    {
        lock (Gate)
        {
            return _sites.Remove(site);
        }
    }

    /// <summary>Kills the family; the first reason stays.</summary>
    public void Kill(string reason)
    {
        lock (Gate)
        {
            DeadReason ??= reason;
        }
    }

    public void ExpireAccessTokens()
    {
        lock (Gate)
        {
            AccessTokensDeadThrough = AccessTokensIssued;
        }
    }

    public bool IsDead(long accessToken)
    {
        lock (Gate)
        {
            return accessToken <= AccessTokensDeadThrough;
        }
    }

    public void Reject() => Interlocked.Increment(ref _rejected);

    /// <summary>Counts a refresh attempt until it is disposed.</summary>
    public Attempt Begin()
    {
        Interlocked.Increment(ref _attempts);
        var inFlight = Interlocked.Increment(ref _inFlight);
        for (var seen = Interlocked.Read(ref _maxInFlight); inFlight > seen; seen = Interlocked.Read(ref _maxInFlight))
        {
            Interlocked.CompareExchange(ref _maxInFlight, inFlight, seen);
        }

        return new Attempt(this);
    }

    /// <summary>A refresh request that is being worked on.</summary>
    internal readonly struct Attempt(Grant grant) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref grant._inFlight);
    }
}
