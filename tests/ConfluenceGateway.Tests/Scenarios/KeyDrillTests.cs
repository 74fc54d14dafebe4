using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Redis;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Certificates and keys are replaced while grants serve, and what they protected can then be read without the old ones.</summary>
public sealed class KeyDrillTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_certificate_is_replaced_and_every_grant_serves_without_the_old_one(StoreKind store)
    {
        using var old = new WrappingCertificate();
        using var fresh = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2, old.Settings);
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.ConnectAsync("sales");

        // Rolled out one after the other: the one that still has the old certificate serves on.
        await world.RestartAsync(0, [.. fresh.Settings, .. old.AsPrevious]);
        await AssertServeAsync(world.Gateways[0], world.Gateways[1]);
        await world.RestartAsync(1, [.. fresh.Settings, .. old.AsPrevious]);
        var line = await ReencryptAsync(world.Gateway);
        Assert.Equal((1, 1), (line.GetProperty("keys").GetInt32(), line.GetProperty("keysWrapped").GetInt32()));

        await world.RestartAsync(0, fresh.Settings);
        await world.RestartAsync(1, fresh.Settings);
        await AssertServeAsync(world.Gateways[0], world.Gateways[1]);
        Assert.Equal(0, (await ReencryptAsync(world.Gateway)).GetProperty("keysWrapped").GetInt32());
    }

    [Theory, EveryStore]
    public async Task A_ring_that_lay_plain_is_wrapped(StoreKind store)
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await world.RestartAsync(0, certificate.Settings);

        Assert.Equal(1, (await ReencryptAsync(world.Gateway)).GetProperty("keysWrapped").GetInt32());

        Assert.DoesNotContain("masterKey", Assert.Single(await RingAsync(world.Gateway)), StringComparison.Ordinal);
        await AssertServeAsync(await world.RestartAsync(0, certificate.Settings));
    }

    [Theory, EveryStore]
    public async Task A_key_is_replaced_and_every_grant_serves_without_the_old_one(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2);
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.ConnectAsync("sales");
        var endpoints = world.Gateway.Services.GetRequiredService<WebhookEndpointStore>();
        var (endpoint, secret) = (await endpoints.CreateAsync(new EndpointEdit("https://example.com/hooks", null, null, null)))!.Value;
        await UseNewKeyAsync(world.Gateways[0]);

        var line = await ReencryptAsync(world.Gateways[0]);

        Assert.Equal((2, 2, 1, 1), (
            line.GetProperty("grants").GetInt32(), line.GetProperty("grantsDone").GetInt32(), line.GetProperty("webhooks").GetInt32(), line.GetProperty("webhooksDone").GetInt32()));
        Assert.True(line.GetProperty("isLast").GetBoolean());
        // Another run finds nothing left to do, as one does that goes on with a run that broke off.
        line = await ReencryptAsync(world.Gateways[0]);
        Assert.Equal((2, 0, 0), (line.GetProperty("grants").GetInt32(), line.GetProperty("grantsDone").GetInt32(), line.GetProperty("webhooksDone").GetInt32()));

        await LoseOldestKeyAsync(world.Gateways[0]);
        await world.RestartAsync(0);
        await world.RestartAsync(1);
        await AssertServeAsync(world.Gateways[0], world.Gateways[1]);
        Assert.Equal(secret.Reveal(), Assert.Single(await world.Gateway.Services.GetRequiredService<WebhookEndpointStore>().SecretsAsync(endpoint)).Reveal());
        await Eventually.TrueAsync(
            async () => await world.Gateway.MetricAsync("confluence_gateway_self_check{check=\"key_ring\"}") == 1, "the ring reads what was encrypted with it");
    }

    [Theory, EveryStore]
    public async Task A_replica_that_runs_on_reads_what_another_encrypts_by_a_key_that_it_made_since(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 2);
        await UseNewKeyAsync(world.Gateways[0]);

        await world.Gateways[0].ConnectAsync("demo");

        // In life within a minute.
        world.Gateways[1].Services.GetRequiredService<KeyRing>().Reload();
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await world.Gateways[1].App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
                return answer.StatusCode == HttpStatusCode.OK;
            },
            "the other replica serves");
    }

    [Theory, EveryStore]
    public async Task What_the_ring_cannot_read_is_named_and_holds_up_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.ConnectAsync("sales");
        var (redis, keys) = (world.Gateway.Services.GetRequiredService<RedisConnection>().Database, world.Gateway.Services.GetRequiredService<RedisKeys>());
        await redis.HashSetAsync(keys.Grant("demo"), "ciphertext", await redis.HashGetAsync(keys.Grant("sales"), "ciphertext"));
        await redis.StringSetAsync(keys.Canary, new byte[64]);
        await UseNewKeyAsync(world.Gateway);

        var line = await ReencryptAsync(world.Gateway);

        Assert.Equal(["canary", "demo"], line.GetProperty("unreadable").EnumerateArray().Select(id => id.GetString()));
        Assert.Equal(1, line.GetProperty("grantsDone").GetInt32());
    }

    [Theory, EveryStore]
    public async Task A_new_key_that_an_operator_asks_for_encrypts_only_when_every_replica_has_had_time_to_read_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var ring = world.Gateway.Services.GetRequiredService<KeyRing>();
        var before = NewestKeyOf(ring);
        var asked = TimeProvider.System.GetUtcNow();

        using var answer = await world.Gateway.Operator.PostAsync("/api/v1/key-ring/rotate", null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.InRange(made.GetProperty("activeAt").GetDateTimeOffset() - asked, KeyRing.ReloadInterval * 3 - TimeSpan.FromSeconds(1), KeyRing.ReloadInterval * 5);
        Assert.Contains(await RingAsync(world.Gateway), key => key.Contains(made.GetProperty("keyId").GetString()!, StringComparison.Ordinal));
        // Read again, and not used yet.
        ring.Reload();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Assert.Equal(before, NewestKeyOf(ring));
    }

    [Theory, EveryStore]
    public async Task When_the_certificate_is_lost_a_new_ring_is_made_and_everybody_consents_again(StoreKind store)
    {
        using var lost = new WrappingCertificate();
        using var fresh = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, lost.Settings);
        await world.Gateway.ConnectAsync("demo");
        var (redis, keys) = (world.Gateway.Services.GetRequiredService<RedisConnection>().Database, world.Gateway.Services.GetRequiredService<RedisKeys>());
        await redis.KeyDeleteAsync([keys.KeyRing, keys.Canary]);
        await world.RestartAsync(0, fresh.Settings);

        using var browser = new Browser();
        Assert.Equal("Connected", (await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"))).Heading);

        await AssertServeAsync(world.Gateway);
    }

    private static async Task UseNewKeyAsync(TestGateway gateway)
    {
        var ring = gateway.Services.GetRequiredService<KeyRing>();
        var key = ring.AddKey(TimeProvider.System.GetUtcNow());
        await Eventually.TrueAsync(() => Task.FromResult(NewestKeyOf(ring) == key), "the new key encrypts");
    }

    // What Data Protection encrypts begins with four bytes that say so, and the id of the key.
    private static Guid NewestKeyOf(KeyRing ring) => new(ring.Protector("probe").Protect([]).AsSpan(4, 16));

    private static async Task<JsonElement> ReencryptAsync(TestGateway gateway)
    {
        using var answer = await gateway.Operator.PostAsync("/api/v1/key-ring/re-encrypt", null);
        Assert.Equal((HttpStatusCode.OK, "application/x-ndjson"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        return JsonDocument.Parse((await answer.Content.ReadAsStringAsync()).TrimEnd().Split('\n')[^1]).RootElement;
    }

    private static async Task AssertServeAsync(params TestGateway[] gateways)
    {
        foreach (var gateway in gateways)
        {
            foreach (var id in (await gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections")).GetProperty("items").EnumerateArray().Select(one => one.GetProperty("id").GetString()))
            {
                using var answer = await gateway.App.GetAsync($"/confluence/{id}/wiki/api/v2/pages?limit=1");
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            }
        }
    }

    private static async Task LoseOldestKeyAsync(TestGateway gateway)
    {
        var (redis, keys) = (gateway.Services.GetRequiredService<RedisConnection>().Database, gateway.Services.GetRequiredService<RedisKeys>());
        await redis.ListLeftPopAsync(keys.KeyRing);
        Assert.Equal(1, await redis.ListLengthAsync(keys.KeyRing));
    }

    private static async Task<string[]> RingAsync(TestGateway gateway) =>
        (await gateway.Services.GetRequiredService<RedisConnection>().Database.ListRangeAsync(gateway.Services.GetRequiredService<RedisKeys>().KeyRing)).ToStringArray()!;
}
