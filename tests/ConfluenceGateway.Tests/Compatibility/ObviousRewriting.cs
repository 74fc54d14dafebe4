using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>What rewriting means, over a whole body in memory and with a JSON reader: slow, and easy to see through.</summary>
internal static class ObviousRewriting
{
    private static readonly JsonReaderOptions Lenient = new() { AllowMultipleValues = true, MaxDepth = 100_000 };

    public static byte[] Apply(byte[] json, IReadOnlyList<LinkRule> rules)
    {
        using var result = new MemoryStream();
        var containers = new Stack<string?>();
        string? name = null;
        var copied = 0;
        var reader = new Utf8JsonReader(json, Lenient);
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    name = Encoding.UTF8.GetString(reader.ValueSpan);
                    continue;
                case JsonTokenType.StartObject:
                    containers.Push(name);
                    break;
                case JsonTokenType.StartArray:
                    containers.Push(null);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    containers.Pop();
                    break;
                case JsonTokenType.String when name is "self" or "nextPage" || containers.Any(container => container is "_links" or "_expandable"):
                    var start = (int)reader.TokenStartIndex + 1;
                    result.Write(json.AsSpan(copied..start));
                    result.Write(Encoding.UTF8.GetBytes(Rewritten(Encoding.UTF8.GetString(reader.ValueSpan), rules)));
                    copied = start + reader.ValueSpan.Length;
                    break;
            }

            name = null;
        }

        result.Write(json.AsSpan(copied..));
        return result.ToArray();
    }

    private static string Rewritten(string link, IReadOnlyList<LinkRule> rules)
    {
        foreach (var rule in rules)
        {
            var from = Regex.Escape(rule.From).Replace("/", @"\\?/", StringComparison.Ordinal);
            var match = Regex.Match(link, $@"\A{from}(?=\z|[?#]|\\?/)");
            if (match.Success)
            {
                return rule.To + link[match.Length..];
            }
        }

        return link;
    }
}
