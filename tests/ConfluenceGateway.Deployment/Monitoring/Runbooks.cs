using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>The entries of <c>docs/operations.md</c> below <c>## Alerts</c>.</summary>
internal static partial class Runbooks
{
    /// <summary>Where documents are read; a placeholder that each installation replaces.</summary>
    public const string Base = "https://example.com/confluence-gateway";

    public const string Document = Base + "/docs/operations.md";

    /// <summary>What each entry says, in this order.</summary>
    public static readonly string[] Parts = ["What it means.", "How sure.", "What to look at.", "What to do.", "How to know it is over."];

    /// <summary>The text of each entry by its heading.</summary>
    public static IReadOnlyDictionary<string, string> Entries { get; } = Read();

    /// <summary>The anchors of all headings of the document.</summary>
    public static IReadOnlySet<string> Anchors { get; } = Heading().Matches(Text()).Select(heading => Anchor(heading.Groups[1].Value)).ToHashSet();

    /// <summary>The anchors that the table of contents leads to.</summary>
    public static IReadOnlySet<string> Linked { get; } = Link().Matches(Text()).Select(link => link.Groups[1].Value).ToHashSet();

    // As GitHub makes them, for headings of letters, digits, spaces and hyphens.
    private static string Anchor(string heading) => heading.ToLowerInvariant().Replace(' ', '-');

    private static Dictionary<string, string> Read()
    {
        var alerts = Text().Split("\n## ").Single(section => section.StartsWith("Alerts\n", StringComparison.Ordinal));
        return alerts.Split("\n### ").Skip(1).ToDictionary(entry => entry[..entry.IndexOf('\n')], entry => entry[entry.IndexOf('\n')..]);
    }

    private static string Text() => Repository.Read("docs", "operations.md");

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(#([^)]+)\)")]
    private static partial Regex Link();
}
