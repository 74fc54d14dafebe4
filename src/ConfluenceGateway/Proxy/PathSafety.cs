using System.Buffers;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// Tells paths that some server on the way could resolve to a place outside the connection's site. What passes is forwarded
/// byte for byte, so the judgement is on what the most obliging server would make of it.
/// </summary>
internal static class PathSafety
{
    // Each round undoes one more encoding. Nobody encodes a title this often; a path that is still not plain is refused.
    private const int MostDecodings = 4;

    // Without any of these, and without a segment that begins with a dot, a path means what it says.
    private static readonly SearchValues<char> Suspicious = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(code => (char)code), '\u007f', '%', '\\', ';', '#']);

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Whether <paramref name="path"/> (raw, without query) must be refused.</summary>
    public static bool IsUnsafe(ReadOnlySpan<char> path)
    {
        if (path.IndexOfAny(Suspicious) < 0 && path.IndexOf("/.", StringComparison.Ordinal) < 0)
        {
            return false;
        }

        if (path.Contains('#'))
        {
            return true;
        }

        var decoded = path.ToString();
        for (var round = 0; round <= MostDecodings; round++)
        {
            if (HasForbidden(decoded) || HasDotSegment(decoded))
            {
                return true;
            }

            var next = DecodeOnce(decoded);
            if (next == decoded)
            {
                return false;
            }

            decoded = next;
        }

        return true;
    }

    // Overlong UTF-8 hides a character, such as a dot, from whoever checks before decoding: C0 and C1 begin two bytes for what
    // needs one, E0 and F0 three and four when a low byte follows.
    private static bool HasForbidden(string text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            var next = index + 1 < text.Length ? text[index + 1] : '\0';
            if (text[index] is < ' ' or '\u007f' or '\u00c0' or '\u00c1'
                || text[index] == '\u00e0' && next is >= '\u0080' and < '\u00a0'
                || text[index] == '\u00f0' && next is >= '\u0080' and < '\u0090')
            {
                return true;
            }
        }

        return false;
    }

    // Servers take a backslash for a slash, and cut path parameters ("..;x") before they resolve dots. Who passes a decoded path on
    // makes a query or a fragment of what follows "?" and "#".
    private static bool HasDotSegment(string text) =>
        text.Split('/', '\\').Any(segment => segment.Split(';', '?', '#')[0] is "." or "..");

    /// <summary>Undoes one percent-encoding; each byte becomes the character of its number, since only ASCII matters here.</summary>
    private static string DecodeOnce(string text)
    {
        var decoded = new System.Text.StringBuilder(text.Length);
        for (var index = 0; index < text.Length; index++)
        {
            // IIS also knows %uXXXX.
            var (start, digits) = text.AsSpan(index).StartsWith("%u", StringComparison.OrdinalIgnoreCase) ? (index + 2, 4) : (index + 1, 2);
            if (text[index] == '%' && start + digits <= text.Length && !text.AsSpan(start, digits).ContainsAnyExcept(HexDigits))
            {
                decoded.Append((char)Convert.ToInt32(text.Substring(start, digits), 16));
                index = start + digits - 1;
            }
            else
            {
                decoded.Append(text[index]);
            }
        }

        return decoded.ToString();
    }
}
