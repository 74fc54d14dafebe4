using System.Text;

namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>Bytes that somebody sends who means no good, on a connection of their own.</summary>
/// <param name="Number">Which of all it is; with the seed it gives the same bytes again.</param>
/// <param name="Kind">What it tries.</param>
/// <param name="Text">The bytes, one character each.</param>
/// <param name="IsWhole">Whether nothing is missing, so that the gateway has nothing to wait for.</param>
internal sealed record HostileRequest(int Number, string Kind, string Text, bool IsWhole)
{
    /// <summary>What the callers' own credentials look like; it goes no further than the gateway.</summary>
    public const string CallersSecret = "callers-own-secret";

    /// <summary>A word in every target of it, by which an upstream knows whose request it got.</summary>
    public string Tag => TagOf(Number);

    public static string TagOf(int number) => $"c{number}z";

    public override string ToString()
    {
        var shown = new StringBuilder($"#{Number} ({Kind}): ");
        foreach (var character in Text.Length > 600 ? string.Concat(Text.AsSpan(0, 600), "...") : Text)
        {
            shown.Append(character is >= ' ' and < '\u007f' ? character.ToString() : character == '\r' ? "\\r" : character == '\n' ? "\\n" : $"\\x{(int)character:x2}");
        }

        return shown.ToString();
    }
}
