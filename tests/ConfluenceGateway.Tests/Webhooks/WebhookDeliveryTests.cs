using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>Events on their way to a receiver.</summary>
public sealed class WebhookDeliveryTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_receiver_gets_an_event_signed_and_with_its_data(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, secret) = await world.Gateway.AddWebhookAsync(receiver);

        var id = await world.Gateway.TellAsync("demo", ConnectionEvents.ReauthRequired, new JsonObject { ["reason"] = "revoked" });
        var delivery = await world.Gateway.NewestAsync(endpoint, "204");

        var hook = Assert.Single(receiver.Hooks);
        Assert.Equal(("POST", "/hooks", id), (hook.Method, hook.Path, hook.Id));
        Assert.Equal("application/json", hook.Headers["Content-Type"]);
        Assert.Equal("ConfluenceGateway/" + GatewayMetrics.Version, hook.Headers["User-Agent"]);
        Assert.True(hook.IsSignedWith(secret));
        Assert.False(hook.IsSignedWith(WebhookSecret.Random().Reveal()));
        Assert.InRange(
            DateTimeOffset.FromUnixTimeSeconds(long.Parse(hook.Headers["webhook-timestamp"], CultureInfo.InvariantCulture)), world.Clock.GetUtcNow().AddMinutes(-1), world.Clock.GetUtcNow());
        var body = JsonDocument.Parse(hook.Body).RootElement;
        Assert.Equal(["type", "timestamp", "data"], body.EnumerateObject().Select(member => member.Name));
        Assert.Equal("connection.reauth_required", body.GetProperty("type").GetString());
        Assert.EndsWith("Z", body.GetProperty("timestamp").GetString(), StringComparison.Ordinal);
        Assert.Equal(("demo", "revoked"), (body.GetProperty("data").GetProperty("connectionId").GetString(), body.GetProperty("data").GetProperty("reason").GetString()));
        var link = new Uri(body.GetProperty("data").GetProperty("reconnectUrl").GetString()!);
        Assert.Equal(
            LinkIssuer.Caller, world.Gateway.Services.GetRequiredService<ConnectLinks>().Check(ConnectionId.Parse("demo", null), link.Query["?ticket=".Length..]));
        Assert.Equal("delivered", delivery.GetProperty("status").GetString());
        Assert.False(delivery.TryGetProperty("nextAttemptAt", out _));
        Assert.Equal(1, await world.CountedAsync("connection.reauth_required", "delivered"));
    }

    [Theory, EveryStore]
    public async Task A_receiver_that_was_down_for_an_hour_gets_each_event_once_and_in_order(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500);
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, secret) = await world.Gateway.AddWebhookAsync(receiver);
        var (acme, globex) = (new List<string>(), new List<string>());
        for (var round = 0; round < 3; round++)
        {
            acme.Add(await world.Gateway.TellAsync("acme"));
            globex.Add(await world.Gateway.TellAsync("globex"));
        }

        await Eventually.TrueAsync(async () => await world.CountedAsync("connection.paused", "failed") == 2, "the first of each was tried");
        foreach (var pause in new[] { 0.11, 5.6, 34, 20.3 })
        {
            await world.DeliverAfterAsync(TimeSpan.FromMinutes(pause));
        }

        Assert.Equal(8, receiver.Hooks.Count);
        Assert.Equal(new[] { acme[0], globex[0] }.Order(), receiver.Hooks.Select(hook => hook.Id).Distinct().Order());
        receiver.Answer = Receiver.Status(200);
        await world.DeliverAfterAsync(TimeSpan.FromHours(2));

        Assert.Equal(acme, receiver.Processed.Where(acme.Contains));
        Assert.Equal(globex, receiver.Processed.Where(globex.Contains));
        Assert.Equal(6, receiver.Processed.Count());
        Assert.All(receiver.Hooks, hook => Assert.True(hook.IsSignedWith(secret)));
        Assert.Single(receiver.Hooks.Where(hook => hook.Id == acme[0]).Select(hook => hook.Body).Distinct());
        Assert.Equal(5, receiver.Hooks.Where(hook => hook.Id == acme[0]).Select(hook => hook.Headers["webhook-timestamp"]).Distinct().Count());
        Assert.All(await world.Gateway.DeliveriesAsync(endpoint), delivery => Assert.Equal("delivered", delivery.GetProperty("status").GetString()));
    }

    [Theory, EveryStore]
    public async Task Three_replicas_deliver_an_event_once(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 3, WebhookCalls.Local);
        await world.Gateway.AddWebhookAsync(receiver);

        for (var round = 0; round < 10; round++)
        {
            var told = WebhookCalls.Event(world.Clock.GetUtcNow());
            await Task.WhenAll(world.Gateways.Select(gateway => gateway.TellAsync($"c{round}", told)));
            await world.DeliverAsync();
        }

        await Eventually.TrueAsync(async () => await world.CountedAsync("connection.paused", "delivered") == 10, "all were delivered");
        Assert.Equal(10, receiver.Hooks.Select(hook => hook.Id).Distinct().Count());
        Assert.Equal(10, receiver.Hooks.Count);
    }

    [Theory, EveryStore]
    public async Task What_a_replica_had_claimed_when_it_died_is_delivered_by_another(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2, WebhookCalls.Local);
        var (endpoint, _) = await world.Gateway.AddWebhookAsync(receiver);
        // The first replica's queue, without its sender: it dies between the claim and the attempt.
        var queue = ActivatorUtilities.CreateInstance<DeliveryQueue>(world.Gateway.Services);
        var told = WebhookCalls.Event(world.Clock.GetUtcNow());
        await queue.EnqueueAsync(endpoint, "demo", told, "{}"u8.ToArray());
        Assert.Single(await queue.ClaimAsync(endpoint, TimeSpan.FromMinutes(1), 8));
        await world.DeliverAsync();
        Assert.Empty(receiver.Hooks);

        await world.DeliverAfterAsync(TimeSpan.FromSeconds(61));

        Assert.Equal(told.Id, Assert.Single(receiver.Processed));
    }

    [Fact]
    public async Task A_delivery_is_given_up_after_three_days_and_the_next_of_its_connection_goes_on()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local);
        var (endpoint, _) = await world.Gateway.AddWebhookAsync(receiver);
        var poison = WebhookCalls.Event(world.Clock.GetUtcNow());
        receiver.Answer = context => Receiver.Status(context.Request.Headers["webhook-id"] == poison.Id ? 400 : 204)(context);
        await world.Gateway.TellAsync("demo", poison);
        var next = await world.Gateway.TellAsync("demo");
        await Eventually.TrueAsync(async () => await world.CountedAsync("connection.paused", "failed") == 1, "the first was tried");

        for (var attempt = 2; attempt <= 10; attempt++)
        {
            Assert.Empty(receiver.Processed);
            await world.DeliverAfterAsync(TimeSpan.FromHours(27));
        }

        Assert.Equal([next], receiver.Processed);
        Assert.Equal(11, receiver.Hooks.Count);
        Assert.Equal(["delivered", "given_up"], (await world.Gateway.DeliveriesAsync(endpoint)).Select(delivery => delivery.GetProperty("status").GetString()));
        Assert.Equal(1, await world.CountedAsync("connection.paused", "given_up"));
        Assert.Contains(world.Gateway.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal) && line.Contains(poison.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_slow_receiver_holds_up_no_other()
    {
        await using var slow = await Receiver.StartAsync();
        await using var quick = await Receiver.StartAsync();
        slow.Answer = context => Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System, context.RequestAborted);
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local);
        await world.Gateway.AddWebhookAsync(slow);
        await world.Gateway.AddWebhookAsync(quick);
        await world.Gateway.TellAsync("first");
        await Eventually.TrueAsync(() => slow.Hooks.Count == 1 && quick.Hooks.Count == 1, "both have the first");

        await world.Gateway.TellAsync("second");

        await Eventually.TrueAsync(() => quick.Hooks.Count == 2, "the quick one has the second", TimeSpan.FromSeconds(5));
        Assert.Empty(slow.Processed);
    }
}
