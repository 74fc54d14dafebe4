using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Api;

/// <summary>What is to be changed of a connection; what is left out stays as it is.</summary>
/// <param name="DisplayName">What people call it, 1 to 200 characters.</param>
/// <param name="SiteUrl">Its site, such as <c>https://acme.atlassian.net</c>.</param>
/// <param name="CloudId">Its site's id, a UUID.</param>
/// <param name="Compatibility">What is done for its clients otherwise than the gateway's settings say.</param>
internal sealed record ConnectionEdit(string? DisplayName, string? SiteUrl, string? CloudId, CompatibilityChoices? Compatibility)
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public Problem? Problem() =>
        SiteUrl is { } siteUrl && !IsSiteUrl(siteUrl) ? AdminProblems.InvalidField("siteUrl", "must be the https URL of the site without a path, such as https://acme.atlassian.net.")
        : CloudId is { } cloudId && !Guid.TryParse(cloudId, out _) ? AdminProblems.InvalidField("cloudId", "must be the site's id, a UUID.")
        : DisplayName is { Length: 0 or > 200 } ? AdminProblems.InvalidField("displayName", "must have 1 to 200 characters.")
        : null;

    private static bool IsSiteUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" };
}

/// <summary>A refresh token to take over.</summary>
/// <param name="RefreshToken">The token.</param>
/// <param name="CloudId">The site it is for, by its id; or</param>
/// <param name="SiteUrl">by its URL. With neither, the connection's own site.</param>
internal sealed record ImportRequest(string? RefreshToken, string? CloudId, string? SiteUrl)
{
    /// <summary>What is wrong with it; null when nothing is.</summary>
    public Problem? Problem() =>
        string.IsNullOrWhiteSpace(RefreshToken) ? AdminProblems.InvalidField("refreshToken", "is required: the refresh token to take over.")
        : this is { CloudId: not null, SiteUrl: not null } ? AdminProblems.InvalidField("siteUrl", "cloudId names the site already; send one of the two.")
        : null;
}
