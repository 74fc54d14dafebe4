using System.ComponentModel.DataAnnotations;

namespace ConfluenceGateway.Proxy;

/// <summary>What can be sent a second time when the upstream rejects a token.</summary>
internal sealed class ReplayOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Replay";

    /// <summary>The longest request body that is kept for a replay, in bytes. From 0 (none) to 64 MiB; 1 MiB by default.</summary>
    [Range(0, 64 << 20, ErrorMessage = "must be from 0 to 67108864 bytes.")]
    public int MaxBodyBytes { get; set; } = 1 << 20;
}
