using System.Buffers;
using System.Text;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>How servers make a place of a request path, each in its own way and order.</summary>
internal static class ServerModels
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Each server by its name, and the segments that a raw path leads it to; null when the path climbs above its root.</summary>
    public static readonly IReadOnlyDictionary<string, Func<string, IReadOnlyList<string>?>> All = new Dictionary<string, Func<string, IReadOnlyList<string>?>>
    {
        // RFC 3986 section 5.2.4 to the letter: nothing is decoded.
        ["literal"] = path => Resolve(path.Split('/')),
        // Decodes once, merges slashes, resolves dots.
        ["nginx"] = path => Resolve(Decode(path).Split('/', StringSplitOptions.RemoveEmptyEntries)),
        // Cuts path parameters, decodes, takes backslashes for slashes, merges and resolves.
        ["tomcat"] = path => Resolve(Decode(WithoutParameters(path)).Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries)),
        // The same with the parameters cut after decoding, as frameworks behind it do.
        ["tomcat, then its framework"] = path => Resolve(WithoutParameters(Decode(path).Replace('\\', '/')).Split('/', StringSplitOptions.RemoveEmptyEntries)),
        // Knows %uXXXX, decodes overlong UTF-8, decodes twice, and takes backslashes for slashes.
        ["iis"] = path => Resolve(Overlong(Decode(DecodeUnicode(Decode(DecodeUnicode(path))))).Replace('\\', '/').Split('/', StringSplitOptions.RemoveEmptyEntries)),
        ["decoding twice"] = path => Obliging(path, 2),
        ["decoding four times"] = path => Obliging(path, 4),
        ["decoding eight times"] = path => Obliging(path, 8),
    };

    /// <summary>The servers, by name, that <paramref name="path"/> leads out of <paramref name="prefix"/>.</summary>
    public static IEnumerable<string> LedOutOf(string prefix, string path)
    {
        var below = prefix.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return All.Where(server => server.Value(path) is not { } place || !place.Where(segment => segment.Length > 0).Take(below.Length).SequenceEqual(below)).Select(server => server.Key);
    }

    // Every hop decodes, and reads what came of it as a path with parameters, query and fragment of its own.
    private static List<string>? Obliging(string path, int decodings)
    {
        for (var round = 0; round < decodings; round++)
        {
            path = Decode(path).Split('?', '#')[0];
        }

        return Resolve(WithoutParameters(path.Replace('\\', '/')).Split('/', StringSplitOptions.RemoveEmptyEntries));
    }

    private static List<string>? Resolve(IEnumerable<string> segments)
    {
        var place = new List<string>();
        foreach (var segment in segments)
        {
            if (segment != ".." && segment != ".")
            {
                place.Add(segment);
            }
            else if (segment == ".." && place.Count == 0)
            {
                return null;
            }
            else if (segment == "..")
            {
                place.RemoveAt(place.Count - 1);
            }
        }

        return place;
    }

    private static string WithoutParameters(string path) => string.Join('/', path.Split('/').Select(segment => segment.Split(';')[0]));

    private static string Decode(string text) => Replaced(text, "%", 2);

    private static string DecodeUnicode(string text) => Replaced(text, "%u", 4);

    // Two and three bytes for what needs one.
    private static string Overlong(string text) => text.Replace("\u00c0\u00ae", ".").Replace("\u00e0\u0080\u00ae", ".").Replace("\u00c0\u00af", "/").Replace("\u00c1\u009c", "\\");

    private static string Replaced(string text, string mark, int digits)
    {
        var replaced = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            var end = index + mark.Length + digits;
            if (end <= text.Length && string.CompareOrdinal(text, index, mark, 0, mark.Length) == 0 && !text.AsSpan(index + mark.Length, digits).ContainsAnyExcept(HexDigits))
            {
                replaced.Append((char)Convert.ToInt32(text.Substring(index + mark.Length, digits), 16));
                index = end - 1;
            }
            else
            {
                replaced.Append(text[index]);
            }
        }

        return replaced.ToString();
    }
}
