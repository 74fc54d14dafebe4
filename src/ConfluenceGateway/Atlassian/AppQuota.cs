using System.Globalization;
using System.Net.Http.Headers;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Atlassian;

/// <summary>The hourly quota that all connections of the app share, as Atlassian's answers tell it.</summary>
/// <remarks>
/// <c>RateLimit-Policy: "global-app-quota";q=65000;w=3600</c> tells the quota, <c>RateLimit: "global-app-quota";r=11000;t=600</c>
/// what is left of it and for how many seconds (draft-ietf-httpapi-ratelimit-headers). The second comes only when most of the
/// quota is used. Both begin with <c>Beta-</c> while the quota is not enforced, and may list several policies. What cannot be
/// read is passed over.
/// </remarks>
internal sealed class AppQuota
{
    // A quota lasts an hour. What tells of more than a day is nonsense, and would be believed all that time.
    private const long LongestWindow = 86_400;

    // As much as can be multiplied without a second thought.
    private const int MostDigits = 12;

    private static readonly string[] PolicyHeaders = ["RateLimit-Policy", "Beta-RateLimit-Policy"];
    private static readonly string[] RestHeaders = ["RateLimit", "Beta-RateLimit"];

    private readonly TimeProvider _time;
    private long _limit;
    private volatile Rest? _rest;

    /// <summary>Knows nothing yet.</summary>
    public AppQuota(GatewayMetrics metrics, TimeProvider time)
    {
        _time = time;
        metrics.Registry.AddBeforeCollectCallback(() =>
        {
            if (Remaining is { } remaining)
            {
                metrics.UpstreamQuotaRemaining.Set(remaining);
            }
            else
            {
                metrics.UpstreamQuotaRemaining.Unpublish();
            }
        });
    }

    /// <summary>The points of one window; null until an answer told them.</summary>
    public long? Limit => Volatile.Read(ref _limit) is var limit and > 0 ? limit : null;

    /// <summary>The points that are left until <see cref="ResetsAt"/>; null when that is not known.</summary>
    public long? Remaining => Current?.Points;

    /// <summary>When the window ends; null when that is not known.</summary>
    public DateTimeOffset? ResetsAt => Current?.Until;

    /// <summary>What the replicas counted themselves; null while nothing is counted.</summary>
    public QuotaCount? Counted { get; set; }

    private Rest? Current => _rest is { } rest && rest.Until > _time.GetUtcNow() ? rest : null;

    /// <summary>Takes what <paramref name="answer"/> tells of the quota. Next to free when it tells nothing, as nearly every answer.</summary>
    public void Observe(HttpResponseMessage answer)
    {
        var headers = answer.Headers.NonValidated;
        if (!HasQuota(headers))
        {
            return;
        }

        if (Find(headers, PolicyHeaders) is { } policy && Parameter(policy, 'q') is { } limit and > 0)
        {
            Volatile.Write(ref _limit, limit);
        }

        if (Find(headers, RestHeaders) is { } rest && Parameter(rest, 'r') is { } points && Parameter(rest, 't') is { } seconds and <= LongestWindow)
        {
            _rest = new Rest(points, _time.GetUtcNow().AddSeconds(seconds));
        }
    }

    // One pass, without a look-up of each name: most answers have none of them.
    private static bool HasQuota(HttpHeadersNonValidated headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.Contains("RateLimit", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What the first of these headers says of the quota of the app, such as <c>"global-app-quota";r=11000;t=600</c>.</summary>
    private static string? Find(HttpHeadersNonValidated headers, string[] names)
    {
        foreach (var name in names)
        {
            if (headers.TryGetValues(name, out var values))
            {
                // The quota of one site has a name too, and "app" in it, perhaps.
                return Array.Find(values.ToString().Split(','), policy => policy.Split(';')[0].Contains("global", StringComparison.OrdinalIgnoreCase));
            }
        }

        return null;
    }

    private static long? Parameter(string policy, char name)
    {
        foreach (var parameter in policy.Split(';', StringSplitOptions.TrimEntries))
        {
            if (parameter.Split('=', 2, StringSplitOptions.TrimEntries) is [[var first], { Length: <= MostDigits } value] && char.ToLowerInvariant(first) == name
                && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }
        }

        return null;
    }

    /// <summary>What is left, and until when.</summary>
    private sealed record Rest(long Points, DateTimeOffset Until);
}

/// <summary>What all replicas counted of a window of the quota.</summary>
/// <param name="Points">Of all connections, as Atlassian's documents price calls.</param>
/// <param name="Connections">How many connections used any.</param>
/// <param name="Until">When the window ends.</param>
public sealed record QuotaCount(long Points, long Connections, DateTimeOffset Until);
