using System.ComponentModel.DataAnnotations;
using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Proxy.Throttling;

/// <summary>What the gateway does about Atlassian's rate limits, beyond passing them on.</summary>
internal sealed class ThrottlingOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Throttling";

    /// <summary>
    /// The longest the gateway waits in all for one request that is answered 429, or 503 with <c>Retry-After</c>. From 0, which
    /// is the default and waits for none, to 5 minutes.
    /// </summary>
    [Duration("00:00:00", "00:05:00")]
    public TimeSpan WaitBudget { get; set; }

    /// <summary>Whether a connection that uses more than its share is held back when the quota of the app runs out.</summary>
    public FairShareMode FairShare { get; set; }

    /// <summary>The points an hour that the app may use, until Atlassian's answers say otherwise. From 1 to 100,000,000; 65,000 by default.</summary>
    [Range(1, 100_000_000, ErrorMessage = "must be from 1 to 100000000 points.")]
    public int QuotaPoints { get; set; } = 65_000;
}

/// <summary>What is done about a connection that is over its share.</summary>
internal enum FairShareMode
{
    /// <summary>Nothing, and nothing is counted.</summary>
    Off,

    /// <summary>Its requests pass, and are counted in a metric.</summary>
    Observe,

    /// <summary>Its requests are refused.</summary>
    Enforce,
}
