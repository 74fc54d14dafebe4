using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Api;

/// <summary>How many items a page of a list has: the query's <c>limit</c>.</summary>
internal static class PageSize
{
    /// <summary>When none is given.</summary>
    public const int Default = 50;

    /// <summary>At most.</summary>
    public const int Most = 200;

    /// <summary>Reads a limit; false when it is no number from 1 to <see cref="Most"/>.</summary>
    public static bool TryParse(string? text, out int limit)
    {
        limit = Default;
        return string.IsNullOrEmpty(text) || int.TryParse(text, out limit) && limit is >= 1 and <= Most;
    }

    /// <summary>The answer to a limit that is none.</summary>
    public static Problem Invalid() => AdminProblems.InvalidField("limit", $"must be a number from 1 to {Most}.");
}
