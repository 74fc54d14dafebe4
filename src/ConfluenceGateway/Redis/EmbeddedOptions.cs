using System.ComponentModel.DataAnnotations;

namespace ConfluenceGateway.Redis;

/// <summary>The store inside the process, used when no Redis is configured.</summary>
internal sealed class EmbeddedOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Embedded";

    /// <summary>The directory the embedded store and the admin key are kept in; made when missing; one process only.</summary>
    [Required(ErrorMessage = "must name a directory.")]
    public string DataDirectory { get; set; } = "data";
}
