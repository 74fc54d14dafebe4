namespace ConfluenceGateway.Tokens;

/// <summary>R0: what starts a refresh.</summary>
internal enum RefreshTrigger
{
    /// <summary>The token has too little life left; callers wait.</summary>
    Expired,

    /// <summary>The token will end soon; nobody waits.</summary>
    Ahead,

    /// <summary>The upstream rejected a token that should be good; callers wait.</summary>
    Rejected,

    /// <summary>An operator asked for it.</summary>
    Operator,

    /// <summary>Nothing refreshed the pair for long; nobody waits.</summary>
    KeepAlive,

    /// <summary>An exchange was never answered, or its sender is gone; nobody waits.</summary>
    Recovery,
}
