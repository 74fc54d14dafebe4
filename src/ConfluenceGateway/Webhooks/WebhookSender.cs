using System.Security.Cryptography;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Webhooks;

/// <summary>Delivers what waits. Each endpoint has a loop of its own, so that a slow receiver holds up no other.</summary>
internal sealed partial class WebhookSender(
    WebhookEndpointStore endpoints, DeliveryQueue queue, WebhookClient client, GatewayMetrics metrics, TimeProvider time, Random random, ILogger<WebhookSender> logger) : BackgroundService
{
    // What another replica left behind is found by then; what is queued here, or due by a look at the queue, is sent at its time.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(5);

    // Well beyond the longest attempt, and short enough that what a dying replica left behind is not late.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private const int AtOnce = 8;

    private readonly Dictionary<string, Task> _loops = [];
    private volatile TaskCompletionSource _queued = NewSignal();

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        queue.Queued += () => Interlocked.Exchange(ref _queued, NewSignal()).TrySetResult();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var queued = _queued.Task;
                await WaitAsync(queued, Interval * (0.5 + random.NextDouble() / 2), stoppingToken);
                foreach (var endpoint in await TryListAsync())
                {
                    if (!_loops.TryGetValue(endpoint.Id, out var loop) || loop.IsCompleted)
                    {
                        _loops[endpoint.Id] = LoopAsync(endpoint.Id, stoppingToken);
                    }
                }
            }
        }
        finally
        {
            // An attempt under way ends, or another replica would make it once more.
            await Task.WhenAll(_loops.Values);
        }
    }

    private async Task LoopAsync(string endpoint, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var queued = _queued.Task;
            if (await TryDeliverDueAsync(endpoint, stopping) is not { } pause)
            {
                return;
            }

            await WaitAsync(queued, pause, stopping);
        }
    }

    private async Task<TimeSpan?> TryDeliverDueAsync(string endpoint, CancellationToken stopping)
    {
        try
        {
            return await DeliverDueAsync(endpoint, stopping);
        }
        catch (StoreUnavailableException exception) when (exception.InnerException is not CryptographicException)
        {
            Log.NotNow(logger, endpoint, exception.InnerException!);
            return AfterTrouble;
        }
        catch (Exception exception)
        {
            // Caught once, here: a defect must not end the process, nor what is delivered to others.
            Log.Broken(logger, endpoint, exception);
            return Interval;
        }
    }

    private async Task<IReadOnlyList<WebhookEndpoint>> TryListAsync()
    {
        try
        {
            return await endpoints.ListAsync();
        }
        catch (Exception exception)
        {
            Log.NotListed(logger, exception);
            return [];
        }
    }

    /// <summary>Delivers all that is due to one endpoint.</summary>
    /// <returns>How long until there may be more; null when there is no such endpoint.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    internal async Task<TimeSpan?> DeliverDueAsync(string id, CancellationToken stopping)
    {
        IReadOnlyList<ClaimedDelivery> claimed;
        do
        {
            if (await endpoints.ReadAsync(id) is not { } endpoint)
            {
                return null;
            }

            if (!endpoint.Enabled)
            {
                return Interval;
            }

            var secrets = await endpoints.SecretsAsync(id);
            claimed = await queue.ClaimAsync(id, Lease, AtOnce);
            await Task.WhenAll(claimed.Select(delivery => AttemptAsync(endpoint, secrets, delivery)));
        }
        while (claimed.Count > 0 && !stopping.IsCancellationRequested);

        var untilNext = await queue.NextAsync(id) - time.GetUtcNow();
        return untilNext is not { } wait || wait > Interval ? Interval : wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }

    private async Task AttemptAsync(WebhookEndpoint endpoint, IReadOnlyList<WebhookSecret> secrets, ClaimedDelivery claimed)
    {
        var began = time.GetTimestamp();
        var attempt = claimed.Payload is { } payload
            ? await client.SendAsync(endpoint.Url, claimed.Place.EventId, payload, secrets)
            : new Attempt.Failed("not_decryptable", null);
        if (attempt is Attempt.Gone && await endpoints.DisableAsync(endpoint.Id))
        {
            Log.Gone(logger, endpoint.Id);
        }

        var after = claimed.Delivery.After(attempt, time.GetUtcNow(), time.GetElapsedTime(began), random.NextDouble());
        if (!await queue.FinishAsync(claimed, after))
        {
            Log.Overtaken(logger, claimed.Place.EventId, endpoint.Id);
        }

        metrics.WebhookDeliveries.WithLabels(after.Type, Outcome(after.Status)).Inc();
        switch (after.Status)
        {
            case DeliveryStatus.Delivered:
                Log.Delivered(logger, claimed.Place.EventId, after.Type, endpoint.Id, after.Attempts);
                break;
            case DeliveryStatus.GivenUp:
                Log.GivenUp(logger, claimed.Place.EventId, after.Type, endpoint.Id, after.Attempts, after.Answer!);
                break;
            default:
                Log.Failed(logger, claimed.Place.EventId, after.Type, endpoint.Id, after.Attempts, after.Answer!, after.NextAttemptAt!.Value);
                break;
        }
    }

    private static string Outcome(DeliveryStatus status) => status switch
    {
        DeliveryStatus.Delivered => "delivered",
        DeliveryStatus.GivenUp => "given_up",
        _ => "failed",
    };

    private async Task WaitAsync(Task queued, TimeSpan pause, CancellationToken stopping)
    {
        // What is due by the clock to the millisecond may else be asked for a little too early, over and over.
        var atLeast = pause > TimeSpan.FromMilliseconds(50) ? pause : TimeSpan.FromMilliseconds(50);
        await queued.WaitAsync(atLeast, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "{Event} ({Type}) was delivered to webhook endpoint {Endpoint} by attempt {Attempts}.")]
        public static partial void Delivered(ILogger logger, string @event, string type, string endpoint, int attempts);

        [LoggerMessage(LogLevel.Warning, "{Event} ({Type}) did not arrive at webhook endpoint {Endpoint} by attempt {Attempts}: {Answer}. It is sent again at {Next}.")]
        public static partial void Failed(ILogger logger, string @event, string type, string endpoint, int attempts, string answer, DateTimeOffset next);

        [LoggerMessage(LogLevel.Error, "{Event} ({Type}) did not arrive at webhook endpoint {Endpoint} by {Attempts} attempts: {Answer}. It is given up. Mend the receiver and replay the event.")]
        public static partial void GivenUp(ILogger logger, string @event, string type, string endpoint, int attempts, string answer);

        [LoggerMessage(LogLevel.Warning, "Webhook endpoint {Endpoint} answered 410 and is disabled: it is sent nothing until it is enabled again.")]
        public static partial void Gone(ILogger logger, string endpoint);

        [LoggerMessage(LogLevel.Warning, "What came of {Event} at webhook endpoint {Endpoint} is not noted: it was taken over, replayed or deleted meanwhile, and may arrive twice.")]
        public static partial void Overtaken(ILogger logger, string @event, string endpoint);

        [LoggerMessage(LogLevel.Debug, "What waits for webhook endpoint {Endpoint} cannot be told while the store is out of reach.")]
        public static partial void NotNow(ILogger logger, string endpoint, Exception exception);

        [LoggerMessage(LogLevel.Error, "What waits for webhook endpoint {Endpoint} could not be delivered.")]
        public static partial void Broken(ILogger logger, string endpoint, Exception exception);

        [LoggerMessage(LogLevel.Debug, "The webhook endpoints cannot be read now.")]
        public static partial void NotListed(ILogger logger, Exception exception);
    }
}
