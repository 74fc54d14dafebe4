using System.Text;
using YamlDotNet.RepresentationModel;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>The chart's <c>values.yaml</c>: its leaves, and the table of them that its README shows.</summary>
internal sealed class ValuesFile
{
    private readonly string[] _lines;

    private ValuesFile(string text)
    {
        _lines = text.Split('\n');
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        Leaves = [.. LeavesOf("", yaml.Documents[0].RootNode)];
    }

    /// <summary>Each value that has none below it, by its path.</summary>
    public IReadOnlyList<(string Path, YamlNode Value)> Leaves { get; }

    public static ValuesFile Parse(string text) => new(text);

    /// <summary>One row for each value that has a comment, in the order of the file.</summary>
    /// <exception cref="FormatException">A leaf has no comment, neither of its own nor of a map that it lies in.</exception>
    public string Table()
    {
        var described = Described().ToList();
        var silent = Leaves.Where(leaf => !described.Any(value => leaf.Path == value.Path || leaf.Path.StartsWith(value.Path + ".", StringComparison.Ordinal))).Select(leaf => leaf.Path).ToList();
        if (silent.Count > 0)
        {
            throw new FormatException($"Values without a comment `# -- …`: {string.Join(", ", silent)}.");
        }

        var table = new StringBuilder("| value | default | meaning |\n|---|---|---|\n");
        foreach (var (path, standard, text) in described)
        {
            table.Append("| `").Append(path).Append("` | ").Append(standard).Append(" | ").Append(text.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |\n");
        }

        return table.ToString();
    }

    private IEnumerable<(string Path, string Default, string Text)> Described()
    {
        var places = new Stack<(int Indent, string Path)>();
        string? text = null, standard = null;
        foreach (var line in _lines)
        {
            var (content, indent) = (line.Trim(), line.Length - line.TrimStart().Length);
            if (content.StartsWith("# -- ", StringComparison.Ordinal))
            {
                text = content["# -- ".Length..];
            }
            else if (content.StartsWith("# @default -- ", StringComparison.Ordinal))
            {
                standard = content["# @default -- ".Length..];
            }
            else if (content.Length > 0 && content[0] is not ('#' or '-') && content.Split(':') is [var key, ..])
            {
                while (places.TryPeek(out var above) && above.Indent >= indent)
                {
                    places.Pop();
                }

                var path = places.TryPeek(out var place) ? $"{place.Path}.{key}" : key;
                places.Push((indent, path));
                if (text is not null)
                {
                    yield return (path, standard ?? Shown(path), text);
                }

                (text, standard) = (null, null);
            }
        }
    }

    private string Shown(string path) => Leaves.FirstOrDefault(leaf => leaf.Path == path).Value switch
    {
        YamlScalarNode { Value: null or "" or "null" } => "",
        YamlScalarNode scalar => $"`{scalar.Value}`",
        YamlSequenceNode { Children.Count: 0 } => "`[]`",
        YamlSequenceNode list when list.All(item => item is YamlScalarNode) => string.Join(", ", list.Select(item => $"`{item}`")),
        YamlMappingNode { Children.Count: 0 } => "`{}`",
        null when Leaves.Where(leaf => leaf.Path.StartsWith(path + ".", StringComparison.Ordinal)).ToList() is { Count: > 0 } below =>
            string.Join(", ", below.Select(leaf => $"`{leaf.Path[(path.Length + 1)..]}: {leaf.Value}`")),
        _ => throw new FormatException($"{path}: write its default as `# @default -- …`."),
    };

    private static IEnumerable<(string Path, YamlNode Value)> LeavesOf(string path, YamlNode node) =>
        node is YamlMappingNode { Children.Count: > 0 } map
            ? map.Children.SelectMany(child => LeavesOf(path.Length == 0 ? $"{child.Key}" : $"{path}.{child.Key}", child.Value))
            : [(path, node)];
}
