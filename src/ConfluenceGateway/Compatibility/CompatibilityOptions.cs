using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Compatibility;

/// <summary>What is done for clients beyond forwarding; a connection can have it otherwise.</summary>
internal sealed class CompatibilityOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Compatibility";

    /// <summary>Whether links in JSON answers are rewritten to the gateway, for clients that follow absolute links; off by default.</summary>
    public bool RewriteLinks { get; set; }

    /// <summary>Whether the gateway fetches what a download redirects to, for apps that cannot reach Atlassian's media host; off by default.</summary>
    public bool FollowMediaRedirects { get; set; }

    /// <summary>When operations that Atlassian removed from v1 are served by v2; <see cref="V1Service.Auto"/> by default.</summary>
    public V1Service V1 { get; set; } = V1Service.Auto;
}
