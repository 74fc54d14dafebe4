using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence;

/// <summary>A space of a site.</summary>
internal sealed record Space(long Id, string Key, string Name, string Description, string AuthorId, DateTimeOffset CreatedAt)
{
    public long HomepageId { get; set; }

    /// <summary><c>global</c> or <c>personal</c>.</summary>
    public string Type { get; init; } = "global";

    /// <summary><c>current</c> or <c>archived</c>.</summary>
    public string Status { get; init; } = "current";

    public List<ContentProperty> Properties { get; } = [];

    public List<Label> Labels { get; } = [];
}

/// <summary>A label; the same name is the same label everywhere on the site.</summary>
internal sealed record Label(long Id, string Name, string Prefix = "global");

/// <summary>A property of content or of a space: a key and any JSON.</summary>
internal sealed class ContentProperty(long id, string key, JsonNode? value, string authorId, DateTimeOffset createdAt)
{
    public long Id { get; } = id;

    public string Key { get; set; } = key;

    public JsonNode? Value { get; private set; } = value;

    public ContentVersion Version { get; private set; } = new(1, authorId, createdAt, key, "");

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public string AuthorId { get; } = authorId;

    /// <summary>Gives it another value, as the next version.</summary>
    public void Change(JsonNode? to, string accountId, DateTimeOffset at, string message = "")
    {
        Value = to?.DeepClone();
        Version = new ContentVersion(Version.Number + 1, accountId, at, Key, "", message);
    }
}
