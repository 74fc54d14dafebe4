using ConfluenceGateway.Connections;
using ConfluenceGateway.Simulation.Scheduling;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>What a token endpoint does with a spent token that comes again within the reuse interval. Atlassian does not say.</summary>
internal enum ReuseRule
{
    /// <summary>It gives another pair; all of them work.</summary>
    Siblings,

    /// <summary>It gives the same refresh token again.</summary>
    SameSuccessor,

    /// <summary>It gives another pair, and only the latest works.</summary>
    LatestOnly,
}

/// <summary>What one person's consents to one connection have become at Atlassian.</summary>
internal sealed class Account(Scheduler scheduler, ConnectionId id, ReuseRule rule, TimeSpan reuseInterval)
{
    private readonly Dictionary<string, RefreshToken> _refreshTokens = [];
    private readonly Dictionary<string, AccessToken> _accessTokens = [];
    private int _consents;
    private int _issued;

    /// <summary>Whether the newest consent still stands.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Whether a spent token that came too late ended it.</summary>
    public bool IsKilledByReuse { get; private set; }

    /// <summary>How many refresh tokens were exchanged.</summary>
    public int Exchanges { get; private set; }

    /// <summary>When the newest pair was given.</summary>
    public TimeSpan LastIssue { get; private set; }

    /// <summary>A person consents, once more maybe.</summary>
    public TokenPair Consent(TimeSpan lifetime)
    {
        _consents++;
        (IsAlive, IsKilledByReuse) = (true, false);
        return Issue(null, lifetime);
    }

    /// <summary>A person takes the consent back.</summary>
    public void Revoke() => IsAlive = false;

    /// <summary>The upstream stops to take an access token before its time.</summary>
    public void Reject(Secret accessToken) => _accessTokens[accessToken.Reveal()].IsRejected = true;

    /// <summary>Whether the upstream takes an access token.</summary>
    public bool Accepts(Secret accessToken) =>
        _accessTokens[accessToken.Reveal()] is { IsRejected: false } token && token.Consent == _consents && IsAlive && scheduler.Now < token.Until;

    /// <summary>Which of two pairs was given later: the one with the greater number.</summary>
    public int NumberOf(TokenPair pair) => _accessTokens[pair.AccessToken.Reveal()].Number;

    /// <summary>Exchanges a refresh token.</summary>
    /// <param name="refreshToken">The token.</param>
    /// <param name="lifetime">How long the new access token lives.</param>
    /// <param name="omits">Whether the answer leaves the refresh token out, since it stays the same.</param>
    /// <returns>The new pair; null when the token is refused.</returns>
    public TokenPair? Exchange(Secret refreshToken, TimeSpan lifetime, bool omits)
    {
        var token = _refreshTokens[refreshToken.Reveal()];
        if (!IsAlive || token.Consent != _consents || token.IsDead)
        {
            return null;
        }

        if (token.SpentAt is null)
        {
            if (!omits)
            {
                token.SpentAt = scheduler.Now;
            }

            Exchanges++;
            return Issue(token, lifetime, omits ? refreshToken.Reveal() : null);
        }

        if (scheduler.Now - token.SpentAt > reuseInterval || token.Children.Any(child => child.SpentAt is not null))
        {
            // Too late, or its successor has been used: somebody holds a copy, says RFC 9700, and everything ends.
            (IsAlive, IsKilledByReuse) = (false, true);
            return null;
        }

        Exchanges++;
        switch (rule)
        {
            case ReuseRule.SameSuccessor:
                return Issue(token, lifetime, token.Children[^1].Value);
            case ReuseRule.LatestOnly:
                token.Children.ForEach(child => child.IsDead = true);
                break;
        }

        return Issue(token, lifetime);
    }

    private TokenPair Issue(RefreshToken? parent, TimeSpan lifetime, string? again = null)
    {
        var number = ++_issued;
        LastIssue = scheduler.Now;
        var access = new AccessToken(number, _consents, scheduler.Now + lifetime);
        _accessTokens[$"access-{id}-{number}"] = access;
        var refresh = again ?? $"refresh-{id}-{number}";
        if (again is null)
        {
            var token = new RefreshToken(refresh, _consents);
            _refreshTokens[refresh] = token;
            parent?.Children.Add(token);
        }

        var obtained = VirtualClock.At(scheduler.Now);
        return new TokenPair(new Secret($"access-{id}-{number}"), new Secret(refresh), obtained, obtained + lifetime);
    }

    private sealed class RefreshToken(string value, int consent)
    {
        public string Value => value;

        public int Consent => consent;

        public TimeSpan? SpentAt { get; set; }

        public bool IsDead { get; set; }

        public List<RefreshToken> Children { get; } = [];
    }

    private sealed class AccessToken(int number, int consent, TimeSpan until)
    {
        public int Number => number;

        public int Consent => consent;

        public TimeSpan Until => until;

        public bool IsRejected { get; set; }
    }
}
