namespace AtlassianSimulator.Confluence.V1;

/// <summary>What a v1 request wants expanded: dotted paths such as <c>body.storage</c>.</summary>
internal sealed class Expand(IEnumerable<string> paths)
{
    private readonly HashSet<string> _paths = new(paths, StringComparer.Ordinal);

    public static Expand None { get; } = new([]);

    /// <param name="standard">What is expanded when the request says nothing.</param>
    public static Expand Of(ConfluenceCall call, params string[] standard) =>
        call.Http.Request.Query.ContainsKey("expand") ? new Expand(call.Queries("expand")) : new Expand(standard);

    public bool Has(string name) => _paths.Any(path => path == name || path.StartsWith($"{name}.", StringComparison.Ordinal));

    public Expand Under(string name) => new(_paths.Where(path => path.StartsWith($"{name}.", StringComparison.Ordinal)).Select(path => path[(name.Length + 1)..]));
}
