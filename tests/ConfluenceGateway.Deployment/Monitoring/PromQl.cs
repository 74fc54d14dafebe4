using System.Text.RegularExpressions;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>What an expression of Prometheus selects and groups by. Whether it is one at all, promtool says.</summary>
internal static partial class PromQl
{
    private static readonly string[] Groupings = ["by", "without", "on", "ignoring", "group_left", "group_right"];
    private static readonly string[] Words = ["and", "or", "unless", "offset", "bool", "inf", "nan"];

    /// <summary>The metrics that it reads, with the matchers of each.</summary>
    public static IReadOnlyList<Selector> Selectors(string expression) => Read(expression).Selectors;

    /// <summary>The labels by which it groups and matches.</summary>
    public static IReadOnlyList<string> GroupingLabels(string expression) => Read(expression).Labels;

    private static (List<Selector> Selectors, List<string> Labels) Read(string expression)
    {
        var tokens = Token().Matches(expression).Select(match => match.Value).ToList();
        string Next(int index) => index + 1 < tokens.Count ? tokens[index + 1] : "";
        var (selectors, labels) = (new List<Selector>(), new List<string>());
        for (var index = 0; index < tokens.Count; index++)
        {
            var token = tokens[index];
            if (!IsName(token) || Words.Contains(token))
            {
                continue;
            }

            if (Groupings.Contains(token) && Next(index) == "(")
            {
                var end = tokens.IndexOf(")", index);
                labels.AddRange(tokens[(index + 2)..end].Where(IsName));
                index = end;
            }
            // What stands before a parenthesis, or before its grouping, is a function.
            else if (Next(index) != "(" && !Groupings.Contains(Next(index)))
            {
                var end = Next(index) == "{" ? tokens.IndexOf("}", index) : index;
                selectors.Add(new Selector(token, [.. Matchers(tokens[(index + 1)..(end + 1)])]));
                index = end;
            }
        }

        return (selectors, labels);
    }

    private static IEnumerable<Matcher> Matchers(List<string> tokens) =>
        tokens.Index().Where(token => IsName(token.Item)).Select(token => new Matcher(token.Item, tokens[token.Index + 1], tokens[token.Index + 2].Trim('"')));

    private static bool IsName(string token) => char.IsAsciiLetter(token[0]) || token[0] is '_' or ':';

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"|[$]?[a-zA-Z_:][a-zA-Z0-9_:]*|[0-9][0-9a-zA-Z.]*|=~|!~|!=|[^\\s]")]
    private static partial Regex Token();
}

/// <summary>A metric that an expression reads.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Matchers">Which of its series.</param>
internal sealed record Selector(string Metric, IReadOnlyList<Matcher> Matchers);

/// <summary>What the label of a series must be.</summary>
internal sealed record Matcher(string Label, string Operator, string Value);
