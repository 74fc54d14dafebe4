namespace AtlassianSimulator.OAuth;

/// <summary>Scope names that mean something to the simulator.</summary>
internal static class Scopes
{
    public const string OfflineAccess = "offline_access";
    public const string ReadMe = "read:me";

    private static readonly string[] AboutTheAccount = [OfflineAccess, ReadMe, "read:account"];

    /// <summary>Everything a minted grant has when nothing else is asked for.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        OfflineAccess, ReadMe,
        "read:confluence-content.all", "read:confluence-content.summary", "read:confluence-content.permission", "write:confluence-content",
        "read:confluence-space.summary", "write:confluence-space", "write:confluence-file", "read:confluence-props", "write:confluence-props",
        "readonly:content.attachment:confluence", "search:confluence", "read:confluence-user", "read:confluence-groups",
        "manage:confluence-configuration",
        "read:page:confluence", "write:page:confluence", "delete:page:confluence",
        "read:blogpost:confluence", "write:blogpost:confluence", "delete:blogpost:confluence",
        "read:comment:confluence", "write:comment:confluence", "delete:comment:confluence",
        "read:attachment:confluence", "write:attachment:confluence", "delete:attachment:confluence",
        "read:space:confluence", "write:space:confluence", "read:label:confluence", "write:label:confluence",
        "read:content:confluence", "read:content-details:confluence", "read:content.metadata:confluence",
        "read:task:confluence", "write:task:confluence", "read:inlinetask:confluence", "write:inlinetask:confluence",
        "read:jira-user", "read:jira-work", "write:jira-work",
    ];

    public static IReadOnlyList<string> Parse(string? scope) =>
        [.. (scope ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>The scopes a grant has on a site, the way accessible-resources lists them.</summary>
    public static IEnumerable<string> OnSite(IEnumerable<string> granted, Accounts.Site site) =>
        granted.Where(scope => !AboutTheAccount.Contains(scope) && !site.WithheldScopes.Contains(scope));
}
