using System.Diagnostics;

namespace ConfluenceGateway.Telemetry;

/// <summary>The gateway's own spans (OpenTelemetry). They cost nothing while nobody collects them.</summary>
internal static class Traces
{
    /// <summary>The name of their source.</summary>
    public const string SourceName = "ConfluenceGateway";

    private static readonly ActivitySource Source = new(SourceName, GatewayMetrics.Version);

    /// <summary>Begins a span; null while nobody collects them.</summary>
    /// <param name="name">What is done; one of few.</param>
    /// <param name="connection">The connection it is done for.</param>
    /// <param name="kind">Whether it is a call of somebody else.</param>
    public static Activity? Start(string name, string? connection, ActivityKind kind = ActivityKind.Internal)
    {
        var span = Source.StartActivity(name, kind);
        span?.SetTag("confluence_gateway.connection", connection);
        return span;
    }
}
