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
}
