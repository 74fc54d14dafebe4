using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Api;

/// <summary>A connection as the management API shows it; never with a token.</summary>
/// <param name="Id">Its name.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="State">Whether it serves.</param>
/// <param name="Reason">Why a person must consent again.</param>
/// <param name="Evidence">What was seen that says so.</param>
/// <param name="Since">Since when the grant is dead.</param>
/// <param name="SiteUrl">Its site.</param>
/// <param name="CloudId">Its site's id.</param>
/// <param name="AccountId">The Atlassian account that consented, when it could be read.</param>
/// <param name="Generation">How many pairs were stored for it.</param>
/// <param name="ExpiresAt">When the access token ends.</param>
/// <param name="LastRefreshedAt">When the newest pair came.</param>
/// <param name="ConsentedAt">When a person last consented, or an import took it over.</param>
/// <param name="InactiveAt">When Atlassian ends the grant unless it is refreshed; null when it is dead.</param>
/// <param name="ConsentExpiresAt">When Atlassian ends the grant unless somebody consents again; null when it is dead.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Revision">Counts the edits, as its ETag does.</param>
/// <param name="Compatibility">What is done for its clients otherwise than the gateway's settings say.</param>
/// <param name="BaseUrl">What an app uses instead of its Confluence base URL.</param>
public sealed record ConnectionView(
    string Id, string DisplayName, ConnectionState State, ReauthReason? Reason, string? Evidence, DateTimeOffset? Since,
    string? SiteUrl, string? CloudId, string? AccountId, long? Generation, DateTimeOffset? ExpiresAt, DateTimeOffset? LastRefreshedAt,
    DateTimeOffset? ConsentedAt, DateTimeOffset? InactiveAt, DateTimeOffset? ConsentExpiresAt, DateTimeOffset CreatedAt, long Revision,
    CompatibilityChoices Compatibility, string BaseUrl);

/// <summary>A page of connections.</summary>
/// <param name="Items">The connections.</param>
/// <param name="Unreadable">The ids of those whose grant the key ring cannot read.</param>
/// <param name="Total">How many the filter wants in all.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record ConnectionPage(IReadOnlyList<ConnectionView> Items, IReadOnlyList<string> Unreadable, int Total, string? NextCursor);
