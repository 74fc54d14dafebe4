using System.Globalization;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>A place in a listing that may be put together of several of v2.</summary>
/// <param name="Source">Which of them.</param>
/// <param name="Cursor">Where in it; null for its beginning.</param>
internal sealed record Position(int Source, string? Cursor)
{
    /// <summary>The beginning.</summary>
    public static Position Beginning { get; } = new(0, null);

    /// <summary>As it stands in a <c>next</c> link, with the <c>start</c> that it belongs to.</summary>
    public string At(int start) => string.Create(CultureInfo.InvariantCulture, $"{start}:{Source}:{Cursor}");

    /// <summary>
    /// Reads what a <c>next</c> link said; null when it is no position, or that of another <c>start</c>: some clients take the link's
    /// query along and count <c>start</c> on by themselves.
    /// </summary>
    public static Position? Parse(string text, int start) =>
        text.Split(':', 3) is [var at, var index, var cursor] && at == start.ToString(CultureInfo.InvariantCulture)
        && int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var source)
            ? new Position(source, cursor.Length > 0 ? cursor : null)
            : null;
}
