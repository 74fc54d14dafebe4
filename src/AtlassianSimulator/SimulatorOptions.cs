namespace AtlassianSimulator;

/// <summary>How the simulator starts, from the configuration section <c>Simulator</c>.</summary>
internal sealed class SimulatorOptions
{
    public const string SectionName = "Simulator";

    /// <summary>Where auth and API listen: an absolute http URL; port 0 takes a free one. A host name binds every interface.</summary>
    public Uri Url { get; set; } = new("http://127.0.0.1:8090");

    /// <summary>Where the media host listens, and the address download redirects name: an absolute http URL; port 0 takes a free one.</summary>
    public Uri MediaUrl { get; set; } = new("http://127.0.0.1:8091");

    /// <summary>The first app's client id: not empty.</summary>
    public string ClientId { get; set; } = "simulator-client";

    /// <summary>The first app's client secret: not empty.</summary>
    public string ClientSecret { get; set; } = "simulator-secret";

    /// <summary>The first app's callback URLs, compared exactly; none means any absolute http or https URL.</summary>
    public IReadOnlyList<string> RedirectUris { get; set; } = [];

    /// <summary>Whether <c>/authorize</c> answers without showing the consent page.</summary>
    public bool AutoConsent { get; set; }

    /// <summary>Life of an access token, from one second to one day.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a spent refresh token may be replayed, from zero to one day.</summary>
    public TimeSpan ReuseInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a grant may go without a refresh, from one second to ten years.</summary>
    public TimeSpan InactivityLimit { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long a consent lasts, whatever is refreshed, from one second to ten years.</summary>
    public TimeSpan ConsentLifetime { get; set; } = TimeSpan.FromDays(365);

    /// <summary>Life of an authorization code, from one second to one hour.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What the token endpoint says about a dead refresh token.</summary>
    public DeadTokenAnswer DeadTokenAnswer { get; set; } = DeadTokenAnswer.Measured;

    /// <summary>Whether a refresh answer leaves out <c>refresh_token</c>, so that the one sent stays good.</summary>
    public bool OmitRefreshToken { get; set; }

    /// <summary>What the v1 operations answer that OAuth clients lost.</summary>
    public RemovedV1 RemovedV1 { get; set; } = RemovedV1.Gone;

    /// <summary>What the API says to a token that is not good any more.</summary>
    public ExpiredAccessToken ExpiredAccessToken { get; set; } = ExpiredAccessToken.Unauthorized;
}
