using System.Globalization;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>The fields CQL may compare and sort by.</summary>
internal static class CqlFields
{
    /// <summary>The comparison, without its negation; null when the field or the operator is not known.</summary>
    public static Func<ConfluenceSite, Content, bool>? Find(string field, string operation, IReadOnlyList<string> values) => (field, operation) switch
    {
        ("created", ">" or ">=" or "<" or "<=") => Date(operation, values[0], content => content.First.CreatedAt),
        ("lastmodified", ">" or ">=" or "<" or "<=") => Date(operation, values[0], content => content.Latest.CreatedAt),
        ("text" or "sitesearch", "~" or "!~") => (_, content) => Contains(content.Title, values[0]) || Contains(StorageFormat.PlainText(content.Latest.Body), values[0]),
        ("title", "~" or "!~") => (_, content) => Contains(content.Title, values[0]),
        (_, "=" or "!=" or "in") when Equality(field) is { } actual => (site, content) => actual(site, content).Any(value => values.Contains(value, StringComparer.OrdinalIgnoreCase)),
        _ => null,
    };

    /// <summary>The text to sort by; null when the field is not known.</summary>
    public static Func<Content, string>? Order(string field) => field switch
    {
        "title" => content => content.Title,
        "created" => content => content.First.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
        "lastmodified" => content => content.Latest.CreatedAt.ToString("O", CultureInfo.InvariantCulture),
        "id" => content => content.Id.ToString("D19", CultureInfo.InvariantCulture),
        "type" => V1Query.Type,
        _ => null,
    };

    private static Func<ConfluenceSite, Content, IEnumerable<string>>? Equality(string field) => field switch
    {
        "type" => (_, content) => [V1Query.Type(content)],
        "space" or "space.key" => (site, content) => [site.SpaceOf(content).Key],
        "title" => (_, content) => [content.Title],
        "label" => (_, content) => content.Labels.Select(label => label.Name),
        "id" or "content" => (_, content) => [content.PublicId],
        "parent" => (_, content) => content.Kind == ContentKind.Page && content.ParentId is { } parent ? [Text(parent)] : [],
        "ancestor" => (site, content) => content.Kind == ContentKind.Page ? site.Ancestors(content).Select(parent => parent.PublicId) : [],
        "container" => (_, content) => content.ContainerId is { } container ? [Text(container)] : [],
        "creator" => (_, content) => [content.First.AuthorId],
        "contributor" => (_, content) => content.Versions.Select(version => version.AuthorId),
        _ => null,
    };

    private static Func<ConfluenceSite, Content, bool>? Date(string operation, string value, Func<Content, DateTimeOffset> of)
    {
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date))
        {
            return null;
        }

        return operation switch
        {
            ">" => (_, content) => of(content) > date,
            ">=" => (_, content) => of(content) >= date,
            "<" => (_, content) => of(content) < date,
            _ => (_, content) => of(content) <= date,
        };
    }

    // A trailing star is the usual way to say "starts with"; inside a text it makes no difference here.
    private static bool Contains(string text, string words) =>
        words.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word => text.Contains(word.TrimEnd('*'), StringComparison.OrdinalIgnoreCase));

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);
}
