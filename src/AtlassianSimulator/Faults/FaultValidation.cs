namespace AtlassianSimulator.Faults;

/// <summary>Finds what is wrong with a fault before it is accepted.</summary>
internal static class FaultValidation
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(10);

    /// <summary>The first bad field and what is wrong with it; null when all is well.</summary>
    public static (string Field, string Message)? FindError(Fault fault) => fault switch
    {
        { Times: < 1 } => ("times", "must be at least 1, or null"),
        { Skip: < 0 } => ("skip", "must not be negative"),
        { RetryAfter: < 0 } => ("retryAfter", "must be seconds from 0"),
        { Kind: FaultKind.Delay, Duration: null } => ("duration", "is required for a delay"),
        { Duration: { } duration } when duration < TimeSpan.Zero || duration > LongestDelay => ("duration", "must be between 00:00:00 and 00:10:00"),
        { Kind: FaultKind.Status, Code: null } => ("code", "is required for a status"),
        { Code: < 200 or > 599 } => ("code", "must be between 200 and 599"),
        { After: { } after } when after < TimeSpan.Zero => ("after", "must not be negative"),
        { Kind: FaultKind.AccessTokenDiesEarly or FaultKind.OmitRefreshToken, Endpoint: not FaultEndpoint.Token } =>
            ("endpoint", "must be Token for this kind"),
        { Kind: FaultKind.FalseUnauthorized, Endpoint: not (FaultEndpoint.Confluence or FaultEndpoint.Jira or FaultEndpoint.AccessibleResources) } =>
            ("endpoint", "must be Confluence, Jira or AccessibleResources for this kind"),
        { Kind: FaultKind.AddHeaders, Headers: null or { Count: 0 } } => ("headers", "are required for this kind"),
        { Headers: { } headers } when !headers.All(IsHeader) => ("headers", "must be names that are tokens, and values in visible ASCII"),
        _ => null,
    };

    // Another length or framing than the body has would break the connection, which is what DropAfterSpend and TruncatedBody are for.
    private static bool IsHeader(KeyValuePair<string, string> header) =>
        header.Key.Length > 0 && header.Key.All(character => char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal))
        && !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase) && !header.Key.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        && header.Value?.All(character => character is >= ' ' and <= '~') == true;
}
