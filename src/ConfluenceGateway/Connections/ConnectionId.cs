using System.Diagnostics.CodeAnalysis;

namespace ConfluenceGateway.Connections;

/// <summary>The name of a connection: a DNS label (RFC 1123), lower case, 1 to 63 characters, so that it can also be a host.</summary>
internal readonly record struct ConnectionId : IParsable<ConnectionId>
{
    /// <summary>What a valid id looks like, for messages.</summary>
    public const string Rule = "1 to 63 lower-case letters, digits or hyphens, beginning and ending with a letter or digit";

    private ConnectionId(string value) => Value = value;

    /// <summary>The id as text.</summary>
    public string Value { get; }

    /// <inheritdoc />
    public static ConnectionId Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var id) ? id : throw new FormatException($"A connection id is {Rule}.");

    /// <inheritdoc />
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ConnectionId result)
    {
        result = IsValid(s) ? new ConnectionId(s) : default;
        return result.Value is not null;
    }

    /// <summary>Parses <paramref name="text"/>; false when it breaks <see cref="Rule"/>.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ConnectionId id) => TryParse(text, null, out id);

    /// <inheritdoc />
    public override string ToString() => Value;

    private static bool IsValid([NotNullWhen(true)] string? text)
    {
        if (text is not { Length: >= 1 and <= 63 } || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var character in text)
        {
            if (!char.IsAsciiLetterLower(character) && !char.IsAsciiDigit(character) && character != '-')
            {
                return false;
            }
        }

        return true;
    }
}
