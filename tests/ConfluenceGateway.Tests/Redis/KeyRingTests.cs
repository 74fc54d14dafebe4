using System.Net;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>The keys that encrypt every grant: shared by all replicas, wrapped when there is a certificate, and never forked.</summary>
public sealed class KeyRingTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory, EveryStore]
    public async Task With_a_certificate_the_ring_holds_no_plain_key(StoreKind store)
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: certificate.Settings);

        var ring = Assert.Single(await RingAsync(world.Gateway));

        Assert.Contains("EncryptedData", ring, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", ring, StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task Without_a_certificate_the_ring_lies_plain_and_the_log_warns(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));

        Assert.Contains("masterKey", Assert.Single(await RingAsync(world.Gateway)), StringComparison.Ordinal);
        Assert.Contains(world.Gateway.Log.Lines, IsUnwrappedWarning);
    }

    [Fact]
    public async Task With_a_certificate_there_is_nothing_to_warn_of()
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), settings: certificate.Settings);

        Assert.DoesNotContain(world.Gateway.Log.Lines, IsUnwrappedWarning);
    }

    [Fact]
    public async Task The_embedded_store_whose_ring_lies_beside_its_data_warns_of_nothing()
    {
        using var directory = new TemporaryDirectory();
        await using var gateway = await TestGateway.StartAsync([$"--Embedded:DataDirectory={directory.Path}"]);

        Assert.DoesNotContain(gateway.Log.Lines, IsUnwrappedWarning);
    }

    [Theory, EveryStore]
    public async Task Another_gateway_with_the_same_certificate_reads_the_grants(StoreKind store)
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: certificate.Settings);
        await StoreGrantAsync(world.Gateway);

        var second = await world.AddGatewayAsync(certificate.Settings);

        Assert.Equal("refresh", (await second.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
        Assert.Single(await RingAsync(second));
    }

    [Theory, EveryStore]
    public async Task A_key_that_a_backup_brings_back_a_second_time_harms_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await StoreGrantAsync(world.Gateway);
        var keys = world.Gateway.Services.GetRequiredService<RedisKeys>();
        await world.Gateway.Services.GetRequiredService<RedisConnection>().Database.ListRightPushAsync(keys.KeyRing, Assert.Single(await RingAsync(world.Gateway)));

        var second = await world.AddGatewayAsync();

        Assert.Equal("refresh", (await second.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
    }

    [Theory, EveryStore]
    public async Task With_another_certificate_it_is_not_ready_says_why_and_adds_no_key(StoreKind store)
    {
        using var certificate = new WrappingCertificate();
        using var wrong = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: certificate.Settings);

        await AssertIsKeptOutAsync(world, await world.AddGatewayAsync(wrong.Settings));
    }

    [Theory, EveryStore]
    public async Task Without_the_certificate_it_is_not_ready_says_why_and_adds_no_key(StoreKind store)
    {
        using var certificate = new WrappingCertificate();
        await using var world = await World.StartAsync(stores.ConnectionString(store), settings: certificate.Settings);

        await AssertIsKeptOutAsync(world, await world.AddGatewayAsync());
    }

    [Theory, EveryStore]
    public async Task Gateways_that_start_at_once_on_an_empty_store_share_one_key(StoreKind store)
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(store));
        var settings = world.Settings();
        var gateways = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => TestGateway.StartAsync(settings))));
        try
        {
            foreach (var gateway in gateways)
            {
                await Eventually.TrueAsync(async () => (await gateway.Management.GetAsync("/health/ready")).IsSuccessStatusCode, "the gateway is ready");
            }

            Assert.Single(await RingAsync(gateways[0]));
            await StoreGrantAsync(gateways[0]);
            foreach (var gateway in gateways)
            {
                Assert.Equal("refresh", (await gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
            }
        }
        finally
        {
            foreach (var gateway in gateways)
            {
                await gateway.DisposeAsync();
            }
        }
    }

    private static async Task AssertIsKeptOutAsync(World world, TestGateway stranger)
    {
        await StoreGrantAsync(world.Gateway);
        var before = await RingAsync(world.Gateway);

        // Not only at its start: at every further try too.
        await Eventually.TrueAsync(() => stranger.Log.Lines.Count(IsRefusal) >= 2, "it tries the ring again");

        using var ready = await stranger.Management.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var said = await ready.Content.ReadAsStringAsync();
        Assert.Contains("The key ring cannot be loaded, so no grant can be read.", said, StringComparison.Ordinal);
        Assert.Contains("DataProtection:CertificateFile", said, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stranger.StoredGrantAsync("demo"));
        Assert.Equal(before, await RingAsync(world.Gateway));
        Assert.Equal("refresh", (await world.Gateway.StoredGrantAsync("demo")).Pair.RefreshToken.Reveal());
    }

    private static async Task StoreGrantAsync(TestGateway gateway)
    {
        await gateway.CreateAsync("demo");
        await gateway.Services.GetRequiredService<GrantStore>()
            .ReplaceAsync(Id, Connections.Pairs.Of("refresh"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
    }

    private static async Task<string[]> RingAsync(TestGateway gateway) =>
        (await gateway.Services.GetRequiredService<RedisConnection>().Database.ListRangeAsync(gateway.Services.GetRequiredService<RedisKeys>().KeyRing)).ToStringArray()!;

    private static bool IsUnwrappedWarning(string line) => line.StartsWith("Warning ", StringComparison.Ordinal) && line.Contains("lies unwrapped in Redis", StringComparison.Ordinal);

    private static bool IsRefusal(string line) => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("of the ring cannot be read", StringComparison.Ordinal);
}
