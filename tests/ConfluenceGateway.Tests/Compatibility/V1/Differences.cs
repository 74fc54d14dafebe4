using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>All that may differ between v1's own answer and the gateway's, each with its reason. Whatever else differs is a defect.</summary>
internal static class Differences
{
    private const string Absent = "absent";
    private const string Empty = "\"\"";

    /// <summary>The differences.</summary>
    public static IReadOnlyList<AllowedDifference> All { get; } =
    [
        new(@"\.macroRenderedOutput$", "content/98305", Actual: Absent, Why: "v2 renders no macros apart; v1 gives an empty object unless they are expanded."),
        new(@"\.friendlyWhen$", "content/98305", Actual: Absent, Why: "A date in words, in the language and zone of the account, which v2 does not give."),
        new(@"\.contentTypeModified$", "content/98305", Calls: @"^(?!content/\w+/version/\d)", Actual: Absent, Why: "v2 tells it of a version that is asked for alone, and not of one that comes with something else."),
        new(@"\._expandable\.space$", "content/att98344?expand=version", Content: "comment|attachment", Actual: Empty, Why: "v2 does not tell the space of a comment or an attachment; the link would cost a call for each answer. It expands all the same."),
        new(@"\._links\.tinyui$", "content/98340", Content: "comment", Actual: Absent, Why: "v2 gives comments no short link."),
        new(@"\.extensions\.collectionName$", "content/att98344", Content: "attachment", Actual: Absent, Why: "A name within Atlassian's media services that v2 does not give."),
        new(@"\.history\.ownedBy$", "content/98345", Content: "blogpost|comment|attachment", Actual: Absent, Why: "v2 knows owners of pages alone."),
        new(@"^\$\.ownedBy$", "content/98345/history", Calls: "^content/(?:9834[0-9]|att)", Actual: Absent, Why: "As above."),
        new(@"\.metadata\._expandable\.labels$", "content/98340?expand=metadata.labels", Content: "comment", Expected: Absent, Actual: Empty, Why: "v2 knows no labels of comments: they stay what could be expanded."),
        new(@"\.metadata\.labels$", "content/98340?expand=metadata.labels", Content: "comment", Actual: Absent, Why: "v2 knows no labels of comments."),
        new(@"\.body\.(storage|view|export_view|atlas_doc_format)$", "content/att98344?expand=body.view", Content: "attachment", Actual: Absent, Why: "v2 gives attachments no body; v1 gave their comment for one."),
        new(@"\.body\._expandable\.(storage|view|export_view|atlas_doc_format)$", "content/att98344?expand=body.view", Content: "attachment", Expected: Absent, Actual: Empty, Why: "As above."),
        new(@"\.icon\.(width|height|isDefault)$", "space/DEMO?expand=icon", Actual: Absent, Why: "v2 tells the path of an icon and no more."),
        new(@"\.version\.minorEdit$", "space/DEMO/property/colour?expand=version", Calls: "^space/[^/]+/property", Actual: Absent, Why: "v2 does not tell it of the version of a space's property."),
        new(@"\._links\.next$", "content?limit=1", Actual: "\"/rest/api/.+&cursor=[^\"]+\"", Why: "The link carries v2's cursor, so that any replica can go on from it."),
        new(@"^\$\._links\.self$", "content/98305/child/comment?depth=all", Calls: "/child/comment.*depth=all", Actual: "\".+/descendant/comment.*\"", Why: "Comments of all depths come from what v1 has kept for descendants, which names itself."),
        new(@"^\$\.message$", "content?status=none", Expected: @"""com\.atlassian\.[\w.]+Exception: .+""", Actual: @"""com\.atlassian\.[\w.]+Exception: .+""", Why: "What is wrong is said in other words where v2, or nobody, has v1's. The status and the kind of exception are the same."),
    ];

    /// <summary>Lists that come in another order: v2 has footer comments and inline comments apart, so that all of the first come before the others.</summary>
    public static bool MayBeInAnotherOrder(JsonArray items) => items.Count > 0 && items.All(item => item is JsonObject content && content["type"]?.ToString() == "comment");

    /// <summary>Where an answer may not be what the specification says.</summary>
    public static IReadOnlyList<AllowedDifference> Schema { get; } =
    [
        new(@"icon\.(width|height|isDefault)\b.* PropertyRequired$", "space/DEMO?expand=icon", Why: "v2 tells the path of an icon and no more."),
        new(@"version\.minorEdit\b.* PropertyRequired$", "space/DEMO/property/colour?expand=version", Why: "v2 does not tell it of the version of a space's property."),
    ];

    /// <summary>Whether a difference is allowed.</summary>
    public static bool Allow(string call, JsonDifference difference) => All.Any(allowed => allowed.Covers(call, difference));

    /// <summary>Whether a violation of the schema is allowed.</summary>
    public static bool Allow(string violation) => Schema.Any(allowed => Regex.IsMatch(violation, allowed.Path));
}

/// <summary>A difference that is allowed.</summary>
/// <param name="Path">A pattern of its path.</param>
/// <param name="Shown">A call that shows it.</param>
/// <param name="Calls">A pattern of the calls that it is allowed in; null for all.</param>
/// <param name="Content">A pattern of the types of content that it is allowed in; null for all.</param>
/// <param name="Expected">A pattern of what v1 says; null for anything.</param>
/// <param name="Actual">A pattern of what the gateway says; null for anything.</param>
/// <param name="Why">The reason.</param>
internal sealed record AllowedDifference(string Path, string Shown, string? Calls = null, string? Content = null, string? Expected = null, string? Actual = null, string Why = "")
{
    /// <summary>Whether it is this one.</summary>
    /// <param name="call">The call, below <c>/wiki/rest/api/</c>.</param>
    /// <param name="difference">The difference.</param>
    public bool Covers(string call, JsonDifference difference) =>
        Regex.IsMatch(difference.Path, Path) && (Calls is null || Regex.IsMatch(call, Calls)) && Fits(Content, difference.Content)
        && Fits(Expected, difference.Expected) && Fits(Actual, difference.Actual) && Exception(difference.Expected) == Exception(difference.Actual);

    private static bool Fits(string? pattern, string? value) => pattern is null || Regex.IsMatch(value ?? "absent", $"^(?:{pattern})$");

    // The kind of exception that an error names at its beginning.
    private static string Exception(string? message) => message is not null && Regex.Match(message, @"^""com\.atlassian\.[\w.]+") is { Success: true } match ? match.Value : "";
}
