namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The statuses that a call of v1 asks for.</summary>
/// <param name="Names">As the caller gave them; <c>current</c> when it did not.</param>
internal sealed record ContentStatus(IReadOnlyList<string> Names)
{
    private const string Any = "any";

    private static readonly string[] Known = ["current", "trashed", "deleted", "historical", "draft", "archived", Any];

    /// <summary>Whether a draft is asked for.</summary>
    public bool WantsDraft => Names.Contains("draft");

    /// <summary>Reads <c>status</c>.</summary>
    /// <exception cref="V1Exception">v1 has no such status.</exception>
    public static ContentStatus Of(V1Call call)
    {
        var names = call.Queries("status");
        return names.FirstOrDefault(name => !Known.Contains(name)) is { } unknown
            ? throw V1Exception.Invalid($"Unknown status : {unknown}; it must be one of {string.Join(", ", Known)}")
            : new ContentStatus(names.Count > 0 ? names : ["current"]);
    }

    /// <summary>
    /// Whether content of this status of v2 is asked for. Archived content is read like current content, and an old version is one of
    /// content that is current, as in v1.
    /// </summary>
    public bool Include(string? status) =>
        Names.Contains(Any) || Names.Contains(status) || status == "archived" && Names.Contains("current") || status == "current" && Names.Contains("historical");

    /// <summary>The statuses that v2's lists are asked for.</summary>
    /// <exception cref="V1Exception">501: v2 does not list content of such a status.</exception>
    public string OfList()
    {
        if (Names.FirstOrDefault(name => name is "draft" or "historical") is { } unlisted)
        {
            throw V1Exception.Impossible($"v2 does not list content with the status '{unlisted}'", "Read it by its id, with status=draft or with version.");
        }

        return Names.Contains(Any) ? "current,archived,trashed" : string.Join(',', Names);
    }
}
