using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>What an endpoint's state means for what it is sent.</summary>
public sealed class EndpointStateTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_receiver_that_is_gone_is_sent_nothing_until_it_is_enabled_again(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(410);
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, _) = await world.Gateway.AddWebhookAsync(receiver);
        var waiting = await world.Gateway.TellAsync();
        await world.Gateway.NewestAsync(endpoint, "410");

        var disabled = await world.Gateway.WebhookAsync(endpoint);
        Assert.False(disabled.GetProperty("enabled").GetBoolean());
        Assert.InRange(disabled.GetProperty("goneAt").GetDateTimeOffset(), world.Clock.GetUtcNow().AddMinutes(-1), world.Clock.GetUtcNow());
        Assert.Contains(world.Gateway.Log.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("410 and is disabled", StringComparison.Ordinal));
        await world.Gateway.TellAsync();
        await world.DeliverAfterAsync(TimeSpan.FromHours(1));
        Assert.Single(receiver.Hooks);
        Assert.Equal(1, await world.CountedAsync("connection.paused", "dropped"));
        using var replay = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/deliveries/{waiting}/replay", null);
        await replay.ProblemAsync(HttpStatusCode.Conflict, "webhook-disabled");
        using var test = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/test", null);
        await test.ProblemAsync(HttpStatusCode.Conflict, "webhook-disabled");

        receiver.Answer = Receiver.Status(204);
        using var enabled = await world.Gateway.Operator.PutAsJsonAsync($"/api/v1/webhooks/{endpoint}", new { enabled = true });
        Assert.False((await enabled.ReadAsync(HttpStatusCode.OK)).TryGetProperty("goneAt", out _));
        await world.DeliverAsync();
        await Eventually.TrueAsync(() => receiver.Processed.SequenceEqual([waiting]), "what waited is delivered");
    }

    [Theory, EveryStore]
    public async Task Retry_After_is_kept_and_bounded(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(503, "1800");
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, _) = await world.Gateway.AddWebhookAsync(receiver);
        await world.Gateway.TellAsync();

        var asked = await world.Gateway.NewestAsync(endpoint, "503");
        AssertPause(asked, TimeSpan.FromMinutes(30));
        await world.DeliverAfterAsync(TimeSpan.FromMinutes(29));
        Assert.Single(receiver.Hooks);

        receiver.Answer = Receiver.Status(429, "31536000");
        await world.DeliverAfterAsync(TimeSpan.FromMinutes(5));
        AssertPause(await world.Gateway.NewestAsync(endpoint, "429", attempts: 2), TimeSpan.FromHours(24));
    }

    [Theory, EveryStore]
    public async Task Both_secrets_sign_for_a_day_after_a_rotation(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, first) = await world.Gateway.AddWebhookAsync(receiver);

        using var rotated = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/rotate-secret", null);
        var answer = await rotated.ReadAsync(HttpStatusCode.OK);
        var second = answer.GetProperty("secret").GetString()!;
        Assert.Equal(world.Clock.GetUtcNow().AddHours(24), answer.GetProperty("lastSecretUntil").GetDateTimeOffset(), TimeSpan.FromMinutes(1));
        await world.Gateway.TellAsync();
        await Eventually.TrueAsync(() => receiver.Hooks.Count == 1, "the event arrives");
        Assert.True(receiver.Hooks[0].IsSignedWith(first));
        Assert.True(receiver.Hooks[0].IsSignedWith(second));

        await world.AdvanceAsync(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        await world.Gateway.TellAsync();
        await Eventually.TrueAsync(() => receiver.Hooks.Count == 2, "the next event arrives");
        Assert.False(receiver.Hooks[1].IsSignedWith(first));
        Assert.True(receiver.Hooks[1].IsSignedWith(second));
        Assert.False((await world.Gateway.WebhookAsync(endpoint)).TryGetProperty("lastSecretUntil", out _));
    }

    [Theory, EveryStore]
    public async Task Neither_secrets_nor_links_lie_open_in_the_store_or_the_api(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(500);
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, first) = await world.Gateway.AddWebhookAsync(receiver);
        using var rotated = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/rotate-secret", null);
        var second = (await rotated.ReadAsync(HttpStatusCode.OK)).GetProperty("secret").GetString()!;
        await world.Gateway.TellAsync("demo", ConnectionEvents.ReauthRequired);
        await world.Gateway.NewestAsync(endpoint, "500");
        var link = JsonNode.Parse(receiver.Hooks[0].Body)!["data"]!["reconnectUrl"]!.GetValue<string>();
        var keys = world.Gateway.Services.GetRequiredService<RedisKeys>().WebhookQueue(endpoint);
        var hashes = await Task.WhenAll(new[] { keys[0], keys[4], keys[5] }.Select(key => world.Gateway.Database().HashGetAllAsync(key)));
        string[] seen =
        [
            .. hashes.SelectMany(hash => hash).Select(entry => System.Text.Encoding.Latin1.GetString((byte[])entry.Value!)),
            await world.Gateway.Operator.GetStringAsync("/api/v1/webhooks"),
            await world.Gateway.Operator.GetStringAsync($"/api/v1/webhooks/{endpoint}"),
            await world.Gateway.Operator.GetStringAsync($"/api/v1/webhooks/{endpoint}/deliveries"),
            .. world.Gateway.Log.Lines,
        ];

        string[] secrets = [.. new[] { first, second }.SelectMany(Forms), link[(link.IndexOf("ticket=", StringComparison.Ordinal) + 7)..]];
        Assert.True(seen.Length > 20);
        Assert.All(secrets, secret => Assert.DoesNotContain(seen, text => text.Contains(secret, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Forms(string secret) =>
        [secret["whsec_".Length..], System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(secret["whsec_".Length..]))];

    private static void AssertPause(System.Text.Json.JsonElement delivery, TimeSpan pause) =>
        Assert.InRange(
            delivery.GetProperty("nextAttemptAt").GetDateTimeOffset() - delivery.GetProperty("lastAttemptAt").GetDateTimeOffset(),
            pause - TimeSpan.FromSeconds(2), pause * 1.1 + TimeSpan.FromSeconds(2));
}
