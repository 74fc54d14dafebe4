using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Api;

/// <summary>How long the pages of lists are.</summary>
internal static class Paging
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>Reads the query parameter <c>limit</c>; without one it is 50.</summary>
    public static bool TryLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        return string.IsNullOrEmpty(text) || int.TryParse(text, out limit) && limit is >= 1 and <= MaxLimit;
    }

    /// <summary>The parameter is not valid.</summary>
    public static Problem InvalidLimit() => AdminProblems.InvalidField("limit", $"must be a number from 1 to {MaxLimit}.");
}
