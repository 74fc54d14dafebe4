namespace ConfluenceGateway.OAuth;

/// <summary>What a consent asks for, in plain words and as Atlassian names it.</summary>
/// <param name="Lines">In plain words, from the harmless to the rest.</param>
/// <param name="Names">The scopes, in order of the alphabet.</param>
public sealed record AskedScopes(IReadOnlyList<string> Lines, IReadOnlyList<string> Names)
{
    private const string OfflineAccess = "offline_access";

    // A scope begins with its verb (https://developer.atlassian.com/cloud/confluence/scopes-for-oauth-2-3LO-and-forge-apps/).
    private static readonly (string[] Verbs, Func<string, string> Line)[] Kinds =
    [
        (["read", "readonly", "search"], product => $"Read and search what your account may see in {product}"),
        (["write"], product => $"Create and change content in {product}, where your account may"),
        (["delete"], product => $"Delete content in {product}, where your account may"),
        (["manage"], product => $"Manage settings of {product}, where your account may"),
    ];

    /// <summary>Reads the setting.</summary>
    /// <param name="scopes">Scopes with spaces between them (RFC 6749 section 3.3).</param>
    public static AskedScopes Of(string scopes)
    {
        var names = scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().Order(StringComparer.Ordinal).ToList();
        var others = names.Where(name => name != OfflineAccess && !Kinds.Any(kind => IsOf(kind.Verbs, name))).ToList();
        return new AskedScopes(
            [
                .. Kinds.Select(kind => (kind.Line, Products: names.Where(name => IsOf(kind.Verbs, name)).Select(Product).Distinct().Order(StringComparer.Ordinal).ToList()))
                    .Where(kind => kind.Products.Count > 0)
                    .Select(kind => kind.Line(string.Join(" and ", kind.Products))),
                .. others.Select(name => $"What Atlassian calls {name}"),
                .. names.Contains(OfflineAccess) ? ["Keep this access while you are away, until somebody takes it back"] : Array.Empty<string>(),
            ],
            names);
    }

    private static bool IsOf(string[] verbs, string scope) => scope.Contains(':') && verbs.Contains(scope.Split(':')[0]);

    private static string Product(string scope) => scope switch
    {
        _ when scope.Contains("confluence", StringComparison.Ordinal) || scope.Contains(":content", StringComparison.Ordinal) => "Confluence",
        _ when scope.Contains("jira", StringComparison.Ordinal) => "Jira",
        _ => "your Atlassian account",
    };
}
