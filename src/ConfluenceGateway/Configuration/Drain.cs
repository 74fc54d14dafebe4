using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Configuration;

/// <summary>
/// The time between being told to stop and stopping. Readiness fails at once and answers ask for the connection to be closed,
/// while requests that balancers still send are taken; after it the server takes no more and ends those under way.
/// </summary>
internal sealed partial class Drain(IOptions<ListenOptions> options, TimeProvider time, ILogger<Drain> logger) : IHostedLifecycleService, IHealthCheck
{
    private volatile bool _draining;

    /// <summary>Asks callers to leave while the gateway drains.</summary>
    public Task AskToCloseAsync(HttpContext context, RequestDelegate next)
    {
        // HTTP/2 has no such header: its callers are told when the server stops (RFC 9113 section 6.8).
        if (_draining && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        return next(context);
    }

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _draining = true;
        if (options.Value.DrainDelay > TimeSpan.Zero)
        {
            Log.Draining(logger, options.Value.DrainDelay);
            await Task.Delay(options.Value.DrainDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(_draining
        ? HealthCheckResult.Unhealthy("The gateway is about to stop. Send requests to another replica.")
        : HealthCheckResult.Healthy());

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Told to stop: taking requests for another {Delay}, then ending those under way.")]
        public static partial void Draining(ILogger logger, TimeSpan delay);
    }
}
