using System.Text.RegularExpressions;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>A query that can be run.</summary>
internal sealed record CqlQuery(Func<ConfluenceSite, Content, bool> Matches, Func<IEnumerable<Content>, IEnumerable<Content>> Order);

/// <summary>Parses the common part of CQL: comparisons, AND, OR, NOT, parentheses, ORDER BY.</summary>
internal sealed partial class Cql
{
    private readonly string _text;
    private readonly List<string> _tokens;
    private int _at;

    private Cql(string text)
    {
        _text = text;
        _tokens = [.. Token().Matches(text).Select(match => match.Value)];
        if (Token().Replace(text, "").Trim().Length > 0)
        {
            throw Unparsable();
        }
    }

    /// <exception cref="V1Exception">400: it is not CQL, or more of it than the simulator knows.</exception>
    public static CqlQuery Parse(string text)
    {
        var cql = new Cql(text);
        var matches = cql._tokens.Count == 0 || cql.Is("order") ? (_, _) => true : cql.Or();
        var order = cql.OrderBy();
        return cql._at == cql._tokens.Count ? new CqlQuery(matches, order) : throw cql.Unparsable();
    }

    private Func<ConfluenceSite, Content, bool> Or()
    {
        var left = And();
        while (Take("or"))
        {
            var (first, second) = (left, And());
            left = (site, content) => first(site, content) || second(site, content);
        }

        return left;
    }

    private Func<ConfluenceSite, Content, bool> And()
    {
        var left = Not();
        while (Take("and"))
        {
            var (first, second) = (left, Not());
            left = (site, content) => first(site, content) && second(site, content);
        }

        return left;
    }

    private Func<ConfluenceSite, Content, bool> Not()
    {
        if (Take("not"))
        {
            var inner = Not();
            return (site, content) => !inner(site, content);
        }

        if (!Take("("))
        {
            return Comparison();
        }

        var grouped = Or();
        return Take(")") ? grouped : throw Unparsable();
    }

    private Func<ConfluenceSite, Content, bool> Comparison()
    {
        var field = Next().ToLowerInvariant();
        var negated = Take("not");
        var operation = Next().ToLowerInvariant();
        var values = operation == "in" ? Values() : [Value()];
        if (CqlFields.Find(field, operation, values) is not { } matches)
        {
            throw Unparsable();
        }

        return negated || operation is "!=" or "!~" ? (site, content) => !matches(site, content) : matches;
    }

    private List<string> Values()
    {
        var values = new List<string>();
        if (!Take("("))
        {
            throw Unparsable();
        }

        do
        {
            values.Add(Value());
        }
        while (Take(","));
        return Take(")") ? values : throw Unparsable();
    }

    private string Value()
    {
        var token = Next();
        return token[0] is '"' or '\'' ? Regex.Unescape(token[1..^1]) : token;
    }

    private Func<IEnumerable<Content>, IEnumerable<Content>> OrderBy()
    {
        if (!Take("order"))
        {
            return content => content.OrderBy(item => item.Id);
        }

        if (!Take("by") || CqlFields.Order(Next().ToLowerInvariant()) is not { } key)
        {
            throw Unparsable();
        }

        var descending = Take("desc");
        _ = descending || Take("asc");
        return content => descending
            ? content.OrderByDescending(key, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id)
            : content.OrderBy(key, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Id);
    }

    private bool Is(string token) => _at < _tokens.Count && _tokens[_at].Equals(token, StringComparison.OrdinalIgnoreCase);

    private bool Take(string token)
    {
        if (!Is(token))
        {
            return false;
        }

        _at++;
        return true;
    }

    private string Next() => _at < _tokens.Count ? _tokens[_at++] : throw Unparsable();

    private V1Exception Unparsable() => V1Exception.Invalid($"Could not parse cql : {_text}");

    [GeneratedRegex("""
        "(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|!=|!~|>=|<=|[=~<>(),]|[^\s=~<>!(),"']+(?:\(\))?
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Token();
}
