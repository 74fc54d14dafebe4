using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Webhooks;

/// <summary>Queues each event for every endpoint that wants it.</summary>
internal sealed partial class WebhookQueue(
    WebhookEndpointStore endpoints, DeliveryQueue queue, WebhookPayload payloads, ConnectionEvents events, GatewayMetrics metrics, TimeProvider time, ILogger<WebhookQueue> logger) : IEventConsumer
{
    /// <summary>The type of an event that an operator sends to see whether it arrives.</summary>
    public const string Test = "gateway.test";

    // No connection can have it for its id, so a test never waits behind an event that does not arrive.
    private const string TestSubject = "@test";

    /// <inheritdoc />
    public async Task ConsumeAsync(string subject, ConnectionEvent told)
    {
        foreach (var endpoint in await endpoints.ListAsync())
        {
            if (endpoint.Wants(told.Type))
            {
                await QueueAsync(endpoint.Id, subject, told);
            }
        }
    }

    /// <summary>Queues an event for one endpoint, to see whether it arrives.</summary>
    /// <returns>The event's id; null when the endpoint is disabled or gone.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public async Task<string?> TestAsync(string endpoint)
    {
        var now = time.GetUtcNow();
        var told = ConnectionEvents.Read(events.Entry(Test, now));
        return await QueueAsync(endpoint, TestSubject, told) ? told.Id : null;
    }

    private async Task<bool> QueueAsync(string endpoint, string subject, ConnectionEvent told)
    {
        // A payload that needs the key ring waits for it as the secrets do: the event is told again.
        var payload = await StoreUnavailableException.GuardAsync(() => Task.FromResult(payloads.Of(subject, told)));
        var queued = await queue.EnqueueAsync(endpoint, subject, told, payload);
        if (!queued.Taken)
        {
            metrics.WebhookDeliveries.WithLabels(told.Type, "dropped").Inc();
            Log.Disabled(logger, told.Id, told.Type, endpoint);
        }

        foreach (var dropped in queued.Dropped)
        {
            metrics.WebhookDeliveries.WithLabels(dropped.Type, "dropped").Inc();
            Log.Dropped(logger, endpoint, dropped.Type, dropped.At);
        }

        return queued.Taken;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Event} ({Type}) is not sent to webhook endpoint {Endpoint}, which is disabled.")]
        public static partial void Disabled(ILogger logger, string @event, string type, string endpoint);

        [LoggerMessage(LogLevel.Warning, "Too much waits for webhook endpoint {Endpoint}, or for too long: {Type} of {At} will not be sent.")]
        public static partial void Dropped(ILogger logger, string endpoint, string type, DateTimeOffset at);
    }
}
