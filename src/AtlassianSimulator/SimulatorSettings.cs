namespace AtlassianSimulator;

/// <summary>What the token endpoint says about a dead refresh token.</summary>
public enum DeadTokenAnswer
{
    /// <summary>403 <c>unauthorized_client</c>, "refresh_token is invalid": what has been measured.</summary>
    Measured,

    /// <summary>403 <c>invalid_grant</c>, "Unknown or invalid refresh token.": what is documented.</summary>
    Documented,
}

/// <summary>What the v1 operations answer that were removed for OAuth clients.</summary>
public enum RemovedV1
{
    /// <summary>410, as today.</summary>
    Gone,

    /// <summary>What they answered before their removal.</summary>
    Served,
}

/// <summary>What the API says to an access token that is not good any more.</summary>
public enum ExpiredAccessToken
{
    /// <summary>401 with Atlassian's JSON.</summary>
    Unauthorized,

    /// <summary>Treated as nobody: 404 on v2 paths, 403 on v1 paths.</summary>
    Anonymous,
}

/// <summary>The settings in force now, the ones that may change while the simulator runs.</summary>
public sealed record SimulatorSettings(
    bool AutoConsent,
    string AutoConsentAccount,
    IReadOnlyList<string> AutoConsentSites,
    TimeSpan AccessTokenLifetime,
    TimeSpan ReuseInterval,
    TimeSpan InactivityLimit,
    TimeSpan ConsentLifetime,
    TimeSpan CodeLifetime,
    DeadTokenAnswer DeadTokenAnswer,
    bool OmitRefreshToken,
    RemovedV1 RemovedV1,
    ExpiredAccessToken ExpiredAccessToken);
