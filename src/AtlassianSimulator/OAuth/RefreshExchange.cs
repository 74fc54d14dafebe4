namespace AtlassianSimulator.OAuth;

/// <summary>What became of a refresh token that was sent.</summary>
internal abstract record RefreshOutcome
{
    /// <summary>New tokens; <paramref name="RefreshToken"/> is null when the one sent stays current.</summary>
    public sealed record Granted(Grant Grant, string AccessToken, string? RefreshToken, TimeSpan Lifetime) : RefreshOutcome;

    /// <summary>The token is dead.</summary>
    public sealed record Dead : RefreshOutcome;

    /// <summary>The token lives, but belongs to another app.</summary>
    public sealed record OfAnotherApp : RefreshOutcome;
}

/// <summary>The rotation of refresh tokens: one step per grant, with a leeway for replays.</summary>
internal sealed class RefreshExchange(Grants grants, AccessTokens accessTokens, LiveSettings settings, SimulatorClock clock)
{
    /// <param name="keepSent">Leave out the new refresh token, so that the one sent stays current.</param>
    /// <param name="diesAfter">How long the access token really works, if shorter than it says.</param>
    public RefreshOutcome Exchange(string sent, OAuthApp app, bool keepSent, TimeSpan? diesAfter)
    {
        if (grants.FindRefreshToken(sent) is not { } token)
        {
            return new RefreshOutcome.Dead();
        }

        var grant = token.Grant;
        if (grant.ClientId != app.ClientId)
        {
            grant.Reject();
            return new RefreshOutcome.OfAnotherApp();
        }

        lock (grant.Gate)
        {
            if (grants.Examine(grant) is not null || IsLateReplay(token))
            {
                grant.Reject();
                return new RefreshOutcome.Dead();
            }

            var now = clock.GetUtcNow();
            grant.LastUsedAt = now;
            grant.Exchanges++;
            if (!keepSent)
            {
                // A replay does not open a new interval: it still counts from the first exchange.
                token.SpentAt ??= now;
            }

            var lifetime = settings.Current.AccessTokenLifetime;
            return new RefreshOutcome.Granted(
                grant,
                accessTokens.Issue(grant, lifetime, diesAfter),
                keepSent ? null : grants.IssueRefreshToken(grant),
                lifetime);
        }
    }

    // A spent token is good for the interval and gives a sibling pair; after it, the whole family is taken for stolen.
    private bool IsLateReplay(RefreshToken token)
    {
        if (token.SpentAt is not { } spentAt || clock.GetUtcNow() - spentAt <= settings.Current.ReuseInterval)
        {
            return false;
        }

        token.Grant.Kill(DeadReasons.Replayed);
        return true;
    }
}
