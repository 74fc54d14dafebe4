using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Webhooks;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>What happens to a connection reaches a receiver by itself, once and in order, from whichever replica noticed.</summary>
public sealed class WebhookStoryTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task Three_replicas_tell_each_transition_of_a_connection_once(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 3, WebhookCalls.Local);
        var (_, secret) = await world.Gateway.AddWebhookAsync(receiver);

        await world.Gateways[0].ConnectAsync("demo");
        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        await Task.WhenAll(world.Gateways.Select(gateway => gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null)));
        await world.Gateways[1].ConnectAsync("demo");
        await Task.WhenAll(world.Gateways.Select(gateway => gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null)));
        using var deleted = await world.Gateways[2].Operator.DeleteAsync("/api/v1/connections/demo");

        string[] told = ["connection.connected", "connection.reauth_required", "connection.recovered", "connection.paused", "connection.deleted"];
        await Eventually.TrueAsync(async () =>
        {
            await world.DeliverAsync();
            return receiver.Processed.Distinct().Count() == told.Length;
        }, "every transition is delivered");

        Assert.Equal(told, receiver.Hooks.DistinctBy(hook => hook.Id).Select(TypeOf));
        Assert.Equal(told.Length, receiver.Processed.Count());
        Assert.All(receiver.Hooks, hook => Assert.True(hook.IsSignedWith(secret)));
        Assert.All(receiver.Hooks, hook => Assert.Equal("demo", DataOf(hook).GetProperty("connectionId").GetString()));
        var dead = DataOf(receiver.Hooks.First(hook => TypeOf(hook) == "connection.reauth_required"));
        Assert.Equal("revoked", dead.GetProperty("reason").GetString());
        Assert.StartsWith("http", dead.GetProperty("reconnectUrl").GetString(), StringComparison.Ordinal);
    }

    private static string TypeOf(ReceivedHook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("type").GetString()!;

    private static JsonElement DataOf(ReceivedHook hook) => JsonDocument.Parse(hook.Body).RootElement.GetProperty("data");
}
