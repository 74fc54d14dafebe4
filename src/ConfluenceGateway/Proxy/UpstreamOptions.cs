using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Proxy;

/// <summary>How the gateway speaks with Atlassian, and how long it waits.</summary>
internal sealed class UpstreamOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Upstream";

    /// <summary>The longest that a connection may take to be made, TLS included; 1 second to 2 minutes, 10 seconds by default.</summary>
    [Duration("00:00:01", "00:02:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that nothing may be sent or come, in either direction; 1 second to 1 hour, 100 seconds by default.</summary>
    [Duration("00:00:01", "01:00:00")]
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromSeconds(100);

    /// <summary>What becomes of a request's trace context; it passes as it came by default.</summary>
    public TraceContextMode TraceContext { get; set; } = TraceContextMode.Pass;
}
