using ConfluenceGateway.Configuration;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ConfluenceGateway.Telemetry;

/// <summary>Sends spans by OTLP where the standard variables of OpenTelemetry name an endpoint.</summary>
internal static class TracingRegistration
{
    private static readonly string[] EndpointKeys = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Adds it; without an endpoint nothing is added, and no span is made.</summary>
    public static void AddTracing(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Array.Exists(EndpointKeys, key => configuration[key] is { Length: > 0 }))
        {
            return;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("confluence-gateway", serviceVersion: GatewayMetrics.Version, serviceInstanceId: Environment.MachineName))
            .WithTracing(tracing => tracing
                .AddSource(Traces.SourceName)
                // Probes, scrapes and operators are not what anybody traces.
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => Listeners.Is(context, Listener.Traffic))
                .AddOtlpExporter());
    }
}
