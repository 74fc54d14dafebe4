using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>What happens to connections that nobody requests.</summary>
internal static class Looks
{
    /// <summary>Has the gateway look at what is due, as it does by itself every half minute.</summary>
    public static Task TickAsync(this TestGateway gateway) =>
        gateway.Services.GetRequiredService<KeepAlive>().TickAsync(TestContext.Current.CancellationToken);

    /// <summary>Has all gateways look at once.</summary>
    public static Task TickAsync(this World world) => Task.WhenAll(world.Gateways.Select(gateway => gateway.TickAsync()));

    /// <summary>Moves the time, and has all gateways look.</summary>
    public static async Task PassAsync(this World world, TimeSpan by)
    {
        await world.AdvanceAsync(by);
        await world.TickAsync();
    }

    /// <summary>When the connection is due; null when it is not in the index.</summary>
    public static async Task<DateTimeOffset?> DueAsync(this TestGateway gateway, string id)
    {
        var keys = gateway.Services.GetRequiredService<RedisKeys>();
        return await gateway.Database().SortedSetScoreAsync(keys.Due, id) is { } score ? DateTimeOffset.FromUnixTimeMilliseconds((long)score) : null;
    }

    /// <summary>The connection's events as the management API lists them.</summary>
    public static async Task<IReadOnlyList<JsonElement>> EventsAsync(this TestGateway gateway, string id, int limit = 200)
    {
        var answer = await gateway.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/connections/{id}/events?limit={limit}");
        return [.. answer.GetProperty("events").EnumerateArray()];
    }

    /// <summary>The types of its events.</summary>
    public static async Task<IEnumerable<string?>> EventTypesAsync(this TestGateway gateway, string id) =>
        (await gateway.EventsAsync(id)).Select(one => one.GetProperty("type").GetString());

    /// <summary>How many refreshes of this kind all gateways counted.</summary>
    public static async Task<double> RefreshesAsync(this World world, string trigger, string outcome)
    {
        var counts = await Task.WhenAll(world.Gateways.Select(
            gateway => gateway.MetricAsync($"confluence_gateway_token_refreshes_total{{trigger=\"{trigger}\",outcome=\"{outcome}\"}}")));
        return counts.Sum();
    }

    /// <summary>Gives the connection a grant that Atlassian knows nothing of.</summary>
    public static Task ReplaceAsync(this TestGateway gateway, string id, string clientId = World.ClientId)
    {
        var pair = Pairs.Of("of " + id, gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow());
        return gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
            ConnectionId.Parse(id, null), pair, clientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
    }

    public static IDatabase Database(this TestGateway gateway) => gateway.Services.GetRequiredService<RedisConnection>().Database;
}
