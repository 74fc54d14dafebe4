namespace AtlassianSimulator.Control;

/// <summary>What the simulator is doing: its time, the settings in force, and its counters.</summary>
public sealed record SimulatorState(DateTimeOffset Now, SimulatorSettings Settings, SimulatorCounters Counters);

/// <summary>A change of settings; what is null stays as it is.</summary>
public sealed record SimulatorSettingsChange
{
    /// <summary>Answer <c>/authorize</c> without a page.</summary>
    public bool? AutoConsent { get; init; }

    /// <summary>The account that consents then, by name.</summary>
    public string? AutoConsentAccount { get; init; }

    /// <summary>The cloud ids granted then; an empty list means all of the account's.</summary>
    public IReadOnlyList<string>? AutoConsentSites { get; init; }

    /// <summary>From one second to one day, for tokens issued from now on.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>From zero to one day.</summary>
    public TimeSpan? ReuseInterval { get; init; }

    /// <summary>From one second to ten years.</summary>
    public TimeSpan? InactivityLimit { get; init; }

    /// <summary>From one second to ten years.</summary>
    public TimeSpan? ConsentLifetime { get; init; }

    /// <summary>From one second to one hour.</summary>
    public TimeSpan? CodeLifetime { get; init; }

    /// <summary>What a dead refresh token is answered with.</summary>
    public DeadTokenAnswer? DeadTokenAnswer { get; init; }

    /// <summary>Refresh answers leave out <c>refresh_token</c>.</summary>
    public bool? OmitRefreshToken { get; init; }

    /// <summary>What the removed v1 operations answer.</summary>
    public RemovedV1? RemovedV1 { get; init; }

    /// <summary>What the API answers to an expired token.</summary>
    public ExpiredAccessToken? ExpiredAccessToken { get; init; }

    /// <summary>A new secret for the app of the configuration; the old one is wrong from then on.</summary>
    public string? ClientSecret { get; init; }
}

/// <summary>How far to move the simulator's time forward, up to ten years.</summary>
public sealed record TimeAdvance(TimeSpan Advance);

/// <summary>A grant as the server sees it; never its tokens.</summary>
/// <param name="DeadReason"><c>revoked</c>, <c>password_changed</c>, <c>replayed</c>, <c>inactive</c> or <c>consent_expired</c>; null while alive.</param>
/// <param name="Exchanges">Refreshes that gave new tokens, also when the answer was lost.</param>
/// <param name="Attempts">Refresh requests with one of its tokens, whatever came of them.</param>
/// <param name="Rejected">Refresh requests that were told the token is dead.</param>
/// <param name="InFlight">Refresh requests being worked on now.</param>
/// <param name="MaxInFlight">The most there ever were at once.</param>
/// <param name="CurrentRefreshTokenSha256">SHA-256 of the newest refresh token, base64url; null if none was issued.</param>
public sealed record GrantReport(
    string Id, string Account, string ClientId, IReadOnlyList<string> CloudIds, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt,
    bool Alive, string? DeadReason, long Exchanges, long Attempts, long Rejected, long InFlight, long MaxInFlight,
    string? CurrentRefreshTokenSha256);

/// <summary>A grant to make without a consent page.</summary>
public sealed record GrantToMint(string Account)
{
    /// <summary>The sites it reaches; null for all of the account's.</summary>
    public IReadOnlyList<string>? CloudIds { get; init; }

    /// <summary>Its scopes; null for every scope the simulator knows.</summary>
    public IReadOnlyList<string>? Scopes { get; init; }

    /// <summary>The app it belongs to; null for the one of the configuration.</summary>
    public string? ClientId { get; init; }
}

/// <summary>A grant that was made, and its refresh token, told this once.</summary>
public sealed record MintedGrant(string Id, string RefreshToken)
{
    // A record prints its members; this one holds a token.
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(MintedGrant)} {Id}";
}

/// <summary>An app to register beside the configured one.</summary>
public sealed record AppToRegister(string ClientId, string ClientSecret)
{
    /// <summary>What the consent page calls it; the client id when null.</summary>
    public string? Name { get; init; }

    /// <summary>Its callback URLs, compared exactly; none means any absolute http or https URL.</summary>
    public IReadOnlyList<string>? RedirectUris { get; init; }

    // A record prints its members; this one holds a secret.
    /// <inheritdoc/>
    public override string ToString() => $"{nameof(AppToRegister)} {ClientId}";
}

/// <summary>The site to take away from a grant.</summary>
public sealed record SiteToRemove(string CloudId);

/// <summary>A header of a recorded request.</summary>
public sealed record RecordedHeader(string Name, string Value);

/// <summary>A request that reached the API, as it came over the wire.</summary>
/// <param name="Target">The request target byte for byte.</param>
/// <param name="Headers">In the order received; credentials are given as <c>scheme sha256:…</c>.</param>
/// <param name="BodySha256">Of the body as received, base64url.</param>
/// <param name="Status">What was answered; 0 when the connection was cut instead.</param>
public sealed record RecordedRequest(
    DateTimeOffset At, string Method, string Target, IReadOnlyList<RecordedHeader> Headers, long BodyLength, string BodySha256, int Status);

/// <summary>What is wrong with a control request, and in which field.</summary>
public sealed record ControlError(string Field, string Message);
