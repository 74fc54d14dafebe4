using System.Text;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>A JSON text drawn from a seed, with links, what only looks like links, and all the ways to write them.</summary>
internal sealed class RandomJson(int seed)
{
    private static readonly string[] Names =
        ["_links", "_expandable", "self", "nextPage", "title", "body", "", "_link", "selfish", "_linksX", "\\u0073elf", "self\\n", "ünïcode", "_expandables"];

    private static readonly string[] Beginnings =
    [
        "https://acme.atlassian.net/wiki", "https:\\/\\/acme.atlassian.net\\/wiki", "https://acme.atlassian.net/wik", "https://acme.atlassian.net",
        $"https://api.atlassian.com/ex/confluence/{LinkBodies.CloudId}", "/wiki", "\\/wiki", "/wiki/wiki", "\\u002fwiki", "https:\\\\/", "https://acme.atlassian.net.evil/wiki",
        "", "/", "\\\\/wiki", "http://gw:8080/confluence/demo/wiki", " /wiki", "日本語", "\\\"_links\\\":{\\\"self\\\":\\\"/wiki\\\"}",
    ];

    private static readonly string[] Ends = ["", "/", "\\/", "?a=b", "#top", "s", "\\u003f", "\\n", "\\\"", "/x \\\\", "é", "/rest/api/content?x={}[],:"];

    private readonly Random _random = new(seed);
    private readonly StringBuilder _text = new();

    public byte[] Draw()
    {
        for (var documents = _random.Next(1, 4); documents > 0; documents--)
        {
            Value(depth: 0);
            _text.Append('\n');
        }

        return Encoding.UTF8.GetBytes(_text.ToString());
    }

    private void Value(int depth)
    {
        Space();
        switch (_random.Next(depth > 5 ? 3 : 8))
        {
            case 0:
                _text.Append(Of("0", "-1.5e+10", "true", "false", "null", "1234567890"));
                break;
            case 1 or 2:
                String(Of(Beginnings) + Of(Ends));
                break;
            case 3:
                List('[', ']', () => Value(depth + 1));
                break;
            default:
                List('{', '}', () => MemberOf(depth + 1));
                break;
        }

        Space();
    }

    private void MemberOf(int depth)
    {
        Space();
        String(Of(Names));
        Space();
        _text.Append(':');
        Value(depth);
    }

    private void List(char open, char close, Action element)
    {
        _text.Append(open);
        for (var count = _random.Next(5); count > 0; count--)
        {
            element();
            _text.Append(count > 1 ? "," : "");
        }

        Space();
        _text.Append(close);
    }

    private void String(string escaped) => _text.Append('"').Append(escaped).Append('"');

    private void Space() => _text.Append(_random.Next(4) == 0 ? Of(" ", "\n  ", "\t", "\r\n") : "");

    private string Of(params string[] choices) => choices[_random.Next(choices.Length)];
}
