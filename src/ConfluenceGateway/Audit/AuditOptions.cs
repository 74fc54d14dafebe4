using System.ComponentModel.DataAnnotations;
using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Audit;

/// <summary>How much of the past the audit trail keeps.</summary>
internal sealed class AuditOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Audit";

    /// <summary>How many entries are kept, from 1,000 to 10,000,000; the oldest go first. One takes about 400 bytes.</summary>
    [Range(1_000, 10_000_000)]
    public int MaxEntries { get; set; } = 100_000;

    /// <summary>How long an entry is kept, from a day to ten years.</summary>
    [Duration("1.00:00:00", "3650.00:00:00")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromDays(400);
}
