namespace AtlassianSimulator.Faults;

/// <summary>The part of the simulator a fault strikes.</summary>
public enum FaultEndpoint
{
    /// <summary><c>/authorize</c>.</summary>
    Authorize,

    /// <summary><c>/oauth/token</c>.</summary>
    Token,

    /// <summary><c>/oauth/token/accessible-resources</c>.</summary>
    AccessibleResources,

    /// <summary><c>/ex/confluence</c>.</summary>
    Confluence,

    /// <summary><c>/ex/jira</c>.</summary>
    Jira,

    /// <summary>The media host.</summary>
    Media,
}

/// <summary>What a fault does.</summary>
public enum FaultKind
{
    /// <summary>Waits for <see cref="Fault.Duration"/>.</summary>
    Delay,

    /// <summary>Answers <see cref="Fault.Code"/> instead.</summary>
    Status,

    /// <summary>Cuts the connection before anything happened.</summary>
    DropBeforeSpend,

    /// <summary>Does the work, then cuts the connection without an answer.</summary>
    DropAfterSpend,

    /// <summary>Does the work, announces the whole answer, sends half of it and cuts the connection.</summary>
    TruncatedBody,

    /// <summary>Answers an HTML page, with 200 unless <see cref="Fault.Code"/> says otherwise.</summary>
    Html,

    /// <summary>The access tokens issued stop working <see cref="Fault.After"/> their issue, whatever <c>expires_in</c> says. Token endpoint only.</summary>
    AccessTokenDiesEarly,

    /// <summary>Answers 401 although the token is good. API endpoints only.</summary>
    FalseUnauthorized,

    /// <summary>The refresh answer has no <c>refresh_token</c> and the one sent stays current. Token endpoint only.</summary>
    OmitRefreshToken,

    /// <summary>The answer stays what it is and carries <see cref="Fault.Headers"/> too.</summary>
    AddHeaders,
}

/// <summary>Whether a delay or an answer strikes before the request has had its effect, or after.</summary>
public enum FaultPhase
{
    /// <summary>Before the token is spent, or the API call done.</summary>
    BeforeSpend,

    /// <summary>After it.</summary>
    AfterSpend,
}

/// <summary>A fault to inject: what it does, where, to whom, and how often.</summary>
public sealed record Fault(FaultKind Kind, FaultEndpoint Endpoint)
{
    /// <summary>Set by the simulator.</summary>
    public string? Id { get; init; }

    /// <summary>Strike only requests of this grant; null for all.</summary>
    public string? GrantId { get; init; }

    /// <summary>Strike only request paths that start so; null for all.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>How many requests to strike, from 1; null until removed.</summary>
    public int? Times { get; init; }

    /// <summary>How many matching requests to let pass first, from 0.</summary>
    public int Skip { get; init; }

    /// <summary>For a delay, a status or an HTML answer: before or after the effect.</summary>
    public FaultPhase Phase { get; init; }

    /// <summary>For <see cref="FaultKind.Delay"/>: from zero to ten minutes.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>For <see cref="FaultKind.Status"/> and <see cref="FaultKind.Html"/>: an HTTP status from 200 to 599.</summary>
    public int? Code { get; init; }

    /// <summary>The body to answer; a plausible one when null.</summary>
    public string? Body { get; init; }

    /// <summary>The body's content type; <c>application/json</c> when null.</summary>
    public string? ContentType { get; init; }

    /// <summary>Seconds for a <c>Retry-After</c> header, from 0; no header when null.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>For <see cref="FaultKind.Status"/>, <see cref="FaultKind.Html"/> and <see cref="FaultKind.AddHeaders"/>: headers that the answer carries, by name.</summary>
    public IReadOnlyDictionary<string, string>? Headers { get; init; }

    /// <summary>For <see cref="FaultKind.AccessTokenDiesEarly"/>: from zero on, zero when null.</summary>
    public TimeSpan? After { get; init; }
}
