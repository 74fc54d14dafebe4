namespace ConfluenceGateway.Compatibility.V1;

/// <summary>What a v1 call wants expanded: a tree of names, written as dotted paths such as <c>body.storage</c>.</summary>
internal sealed class Expansion
{
    // The longest that v1 documents has five names.
    private const int MostNames = 20;

    private readonly SortedDictionary<string, Expansion> _members = new(StringComparer.Ordinal);

    /// <summary>Nothing.</summary>
    public static Expansion None { get; } = new();

    /// <summary>The names at this level.</summary>
    public IReadOnlyCollection<string> Names => _members.Keys;

    /// <summary>The paths it was made of, but for those that another goes on from.</summary>
    public IEnumerable<string> Paths => _members.SelectMany(member => member.Value._members.Count == 0 ? [member.Key] : member.Value.Paths.Select(path => $"{member.Key}.{path}"));

    /// <summary>Reads paths, each of which may hold several with commas.</summary>
    /// <exception cref="V1Exception">One is longer than any that means something.</exception>
    public static Expansion Of(params IEnumerable<string> paths)
    {
        var root = new Expansion();
        foreach (var path in paths.SelectMany(path => path.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            var at = root;
            var names = path.Split('.', StringSplitOptions.RemoveEmptyEntries);
            if (names.Length > MostNames)
            {
                throw V1Exception.Invalid($"Sub-expansions limit exceeded: {names.Length} names are more than {MostNames}");
            }

            foreach (var name in names)
            {
                if (!at._members.TryGetValue(name, out var next))
                {
                    at._members.Add(name, next = new Expansion());
                }

                at = next;
            }
        }

        return root;
    }

    /// <summary>Whether <paramref name="name"/>, or anything below it, is wanted.</summary>
    public bool Has(string name) => _members.ContainsKey(name);

    /// <summary>What is wanted below <paramref name="name"/>.</summary>
    public Expansion Under(string name) => _members.GetValueOrDefault(name) ?? None;
}
