using System.Globalization;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>What a request costs of the quota, as far as its address tells: Atlassian counts the objects of the answer.</summary>
/// <remarks>
/// A write costs 1, a read 1 and 1 for each object (developer.atlassian.com/cloud/confluence/rate-limiting). Whether a read
/// is of one thing is guessed from its last segment, and a list is taken to be full. Shares are compared with each other, so it
/// is enough that all connections are misjudged alike; how much is used in all, Atlassian's own headers correct.
/// </remarks>
internal static class PointsEstimate
{
    private const int DefaultLimit = 25;
    private const int LargestLimit = 250;

    /// <summary>The points of a request; <paramref name="pathAndQuery"/> as it was sent.</summary>
    public static int Of(string method, ReadOnlySpan<char> pathAndQuery)
    {
        if (!HttpMethods.IsGet(method))
        {
            return 1;
        }

        var begin = pathAndQuery.IndexOf('?');
        var path = begin < 0 ? pathAndQuery : pathAndQuery[..begin];
        return IsOneThing(path[(path.LastIndexOf('/') + 1)..]) ? 2 : 1 + LimitOf(begin < 0 ? [] : pathAndQuery[(begin + 1)..]);
    }

    // pages/98305, attachments/att98344, issue/DEMO-1; user/current; att98344/download.
    private static bool IsOneThing(ReadOnlySpan<char> segment) =>
        segment is [.., >= '0' and <= '9'] or "current" or "download";

    private static int LimitOf(ReadOnlySpan<char> query)
    {
        foreach (var range in query.Split('&'))
        {
            var parameter = query[range];
            if (parameter.StartsWith("limit=", StringComparison.Ordinal))
            {
                return int.TryParse(parameter["limit=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                    ? Math.Min(limit, LargestLimit)
                    : DefaultLimit;
            }
        }

        return DefaultLimit;
    }
}
