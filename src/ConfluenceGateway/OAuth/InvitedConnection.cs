namespace ConfluenceGateway.OAuth;

/// <summary>What the page of a link tells of its connection.</summary>
/// <param name="Id">Its name in addresses.</param>
/// <param name="Name">What people call it.</param>
/// <param name="SiteUrl">The site it is for, when that is known.</param>
/// <param name="CloudId">The site's id, when that is known.</param>
/// <param name="IsPaused">Whether an operator stopped its traffic.</param>
/// <param name="SameAccountSince">Since when the account is in use that must consent again; null when any may.</param>
public sealed record InvitedConnection(string Id, string Name, string? SiteUrl, string? CloudId, bool IsPaused, DateTimeOffset? SameAccountSince);
