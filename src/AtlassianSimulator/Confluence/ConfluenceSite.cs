using System.Globalization;
using System.Text.Json.Nodes;
using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.Confluence;

/// <summary>The content of one site, in memory.</summary>
/// <remarks>Whoever reads or writes it holds <see cref="Gate"/>.</remarks>
internal sealed class ConfluenceSite(Site site, long firstId, AccountDirectory directory, TimeProvider clock)
{
    private readonly SortedDictionary<long, Content> _content = [];
    private readonly List<Space> _spaces = [];
    private readonly Dictionary<string, Label> _labels = new(StringComparer.Ordinal);
    private readonly List<InlineTask> _tasks = [];
    private long _nextId = firstId;

    public Lock Gate { get; } = new();

    public Site Site => site;

    public AccountDirectory Directory => directory;

    public DateTimeOffset Now => clock.GetUtcNow();

    public IReadOnlyList<Space> Spaces => _spaces;

    /// <summary>All content, by id.</summary>
    public IEnumerable<Content> All => _content.Values;

    public IEnumerable<Label> Labels => _labels.Values;

    /// <summary>The tasks of what is not in the trash.</summary>
    public IEnumerable<InlineTask> Tasks => _tasks.Where(task => _content.ContainsKey(task.On.Id) && task.On.Status != "trashed");

    /// <summary>Conversions of bodies that were begun, by their id.</summary>
    public Dictionary<string, BodyConversion> Conversions { get; } = new(StringComparer.Ordinal);

    public long NextId() => _nextId++;

    public InlineTask Add(InlineTask task)
    {
        _tasks.Add(task);
        return task;
    }

    public Space AddSpace(string key, string name, string description, string authorId, DateTimeOffset createdAt)
    {
        var space = new Space(NextId(), key, name, description, authorId, createdAt);
        _spaces.Add(space);
        return space;
    }

    public Content Add(Content content)
    {
        _content.Add(content.Id, content);
        return content;
    }

    /// <summary>Removes content and what hangs on it for good.</summary>
    public void Purge(Content content)
    {
        _content.Remove(content.Id);
        foreach (var dependant in All.Where(other => other.ContainerId == content.Id || (other.IsComment && other.ParentId == content.Id)).ToList())
        {
            Purge(dependant);
        }
    }

    public Space? FindSpace(long id) => _spaces.FirstOrDefault(space => space.Id == id);

    public Space? FindSpace(string key) => _spaces.FirstOrDefault(space => space.Key.Equals(key, StringComparison.OrdinalIgnoreCase));

    public Space SpaceOf(Content content) => FindSpace(content.SpaceId)!;

    public Content? Find(long id) => _content.GetValueOrDefault(id);

    /// <summary>The content of that public id, with or without the attachment's prefix.</summary>
    public Content? Find(string? id)
    {
        var digits = id?.StartsWith("att", StringComparison.Ordinal) == true ? id[3..] : id;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? Find(number) : null;
    }

    public IEnumerable<Content> ChildPages(long id) => All
        .Where(content => content.Kind == ContentKind.Page && content.ParentId == id && content.Status == "current")
        .OrderBy(content => content.Position).ThenBy(content => content.Id);

    /// <summary>The pages above, from the root down.</summary>
    public IReadOnlyList<Content> Ancestors(Content content)
    {
        var ancestors = new List<Content>();
        for (var parent = Parent(content); parent is not null; parent = Parent(parent))
        {
            ancestors.Insert(0, parent);
        }

        return ancestors;

        Content? Parent(Content of) => of.ParentId is { } id ? Find(id) : null;
    }

    /// <summary>Whether the content may hang below the parent: a tree has no circles.</summary>
    public bool MayHangBelow(Content content, Content parent) => parent != content && !Ancestors(parent).Contains(content);

    public Label Label(string name)
    {
        if (!_labels.TryGetValue(name, out var label))
        {
            label = new Label(NextId(), name);
            _labels.Add(name, label);
        }

        return label;
    }

    public ContentProperty NewProperty(string key, JsonNode? value, string authorId) => new(NextId(), key, value?.DeepClone(), authorId, Now);

    /// <summary>Whether the space has a current page or post of that title, other than this one.</summary>
    public bool TitleIsTaken(ContentKind kind, long spaceId, string title, Content? except = null) => All.Any(content =>
        content.Kind == kind && content.SpaceId == spaceId && content != except && content.Status == "current"
        && content.Title.Equals(title, StringComparison.OrdinalIgnoreCase));
}
