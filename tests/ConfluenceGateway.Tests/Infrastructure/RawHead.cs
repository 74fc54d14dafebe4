using System.Globalization;
using System.Text;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>The head of a message as it stood on the wire, in Latin-1: one character is one byte.</summary>
/// <param name="Text">All of it, with the empty line at its end.</param>
/// <param name="StartLine">Request line or status line.</param>
/// <param name="Headers">Every header line, in order.</param>
internal sealed record RawHead(string Text, string StartLine, IReadOnlyList<RawHeader> Headers)
{
    private static readonly string[] LineEnds = ["\r\n", "\n"];

    /// <summary>The method, when it is a request.</summary>
    public string Method => StartLine.Split(' ')[0];

    /// <summary>The target, when it is a request.</summary>
    public string Target => StartLine.Split(' ').ElementAtOrDefault(1) ?? "";

    /// <summary>The status, when it is an answer.</summary>
    public int Status => int.Parse(StartLine.AsSpan(9, 3), CultureInfo.InvariantCulture);

    /// <summary>Whether the body is chunked.</summary>
    public bool IsChunked => Values("Transfer-Encoding").Any(value => value.EndsWith("chunked", StringComparison.OrdinalIgnoreCase));

    /// <summary>The length that is announced, if one is.</summary>
    public long? ContentLength => Values("Content-Length").FirstOrDefault() is { } length ? long.Parse(length, CultureInfo.InvariantCulture) : null;

    public static RawHead Parse(ReadOnlySpan<byte> bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var lines = text.Split(LineEnds, StringSplitOptions.None);
        return new RawHead(text, lines[0], [.. lines.Skip(1).TakeWhile(line => line.Length > 0).Select(RawHeader.Parse)]);
    }

    /// <summary>All values of a header, in order.</summary>
    public IEnumerable<string> Values(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);
}

/// <summary>One header line.</summary>
internal readonly record struct RawHeader(string Name, string Value)
{
    public static RawHeader Parse(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new RawHeader(line, "") : new RawHeader(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
    }
}
