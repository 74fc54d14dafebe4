using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>Operators make, list and revoke caller keys.</summary>
public sealed class CallerKeyApiTests(Stores stores)
{
    private const string Keys = "/api/v1/caller-keys";

    [Theory, EveryStore]
    public async Task A_key_is_shown_once_and_never_again(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        string[] connections = ["demo", "demo"];
        var expiry = new DateTimeOffset(2099, 5, 6, 7, 8, 9, TimeSpan.FromHours(2));

        using var answer = await world.Gateway.Operator.PostAsJsonAsync(Keys, new { name = " Nightly ", connections, access = "read", expiresAt = expiry });

        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl!.NoStore);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        var key = made.GetProperty("key").GetString()!;
        Assert.Matches("^cgwk_[A-Za-z0-9_-]{43}$", key);
        Assert.Equal($"{Keys}/{made.GetProperty("id").GetString()}", answer.Headers.Location!.OriginalString);
        var text = await world.Gateway.Operator.GetStringAsync(answer.Headers.Location);
        var shown = JsonDocument.Parse(text).RootElement;
        Assert.Equal(["id", "name", "connections", "access", "createdAt", "expiresAt", "createdBy"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal("Nightly", shown.GetProperty("name").GetString());
        Assert.Equal("demo", Assert.Single(shown.GetProperty("connections").EnumerateArray()).GetString());
        Assert.Equal("read", shown.GetProperty("access").GetString());
        Assert.Equal(expiry, shown.GetProperty("expiresAt").GetDateTimeOffset());
        Assert.DoesNotContain(key[5..], text + await world.Gateway.Operator.GetStringAsync(Keys), StringComparison.Ordinal);
    }

    [Theory, EveryStore]
    public async Task The_store_holds_the_hash_of_a_key_and_no_part_of_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");

        var made = await world.Gateway.MakeKeyAsync(["demo"]);

        var (keys, database) = StoreOf(world.Gateway);
        var record = Assert.Single(await database.HashGetAllAsync(keys.CallerKeys));
        var pointer = Assert.Single(await database.HashGetAllAsync(keys.CallerKeyFingerprints));
        var index = await database.SortedSetRangeByRankAsync(keys.CallerKeyIndex);
        Assert.Equal(Secret.FingerprintOf(made.Key), record.Name.ToString());
        Assert.Equal((made.Id, record.Name.ToString()), (pointer.Name.ToString(), pointer.Value.ToString()));
        Assert.Equal(2, index.Length);
        var everything = $"{record} {pointer} {string.Join(' ', index)} {await database.StringGetAsync(keys.CallerKeyStamp)}";
        for (var at = 5; at + 6 <= made.Key.Length; at++)
        {
            Assert.DoesNotContain(made.Key.Substring(at, 6), everything, StringComparison.Ordinal);
        }
    }

    [Theory, EveryStore]
    public async Task Hundreds_of_keys_are_listed_page_by_page_and_by_connection(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("a");
        await world.Gateway.CreateAsync("a0");
        var keys = world.Gateway.Services.GetRequiredService<CallerKeys>();
        var made = new List<CallerKey>();
        // One after the other: the embedded store answers each when it is on disk, and many at once wait too long on a busy machine.
        for (var each = 0; each < 420; each++)
        {
            string[] connections = (each % 21) switch { 0 => ["*"], 1 => ["a"], 2 => ["a0", "a"], _ => ["a0"] };
            world.Clock.Advance(TimeSpan.FromMilliseconds(1));
            made.Add(Assert.IsType<CallerKeyCreation.Created>(await keys.CreateAsync(new NewCallerKey($"app {each}", connections, "read", null), null)).Key);
        }

        Assert.Equal(made.Select(key => key.Id), await ListedAsync(world, $"{Keys}?limit=200"));
        Assert.Equal(60, (await ListedAsync(world, $"{Keys}?connection=a&limit=7")).Count);
        Assert.Equal(made.Where(key => key.Connections[0] == "*" || key.Connections.Contains("a")).Select(key => key.Id), await ListedAsync(world, $"{Keys}?connection=a&limit=7"));
        Assert.Equal(20, (await ListedAsync(world, $"{Keys}?connection=nobody")).Count);
    }

    [Theory, EveryStore]
    public async Task A_revoked_key_leaves_nothing_behind(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, CallerKeyCalls.Setting);
        await world.Gateway.CreateAsync("demo");
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        var uses = world.Gateway.Services.GetRequiredService<CallerKeyUses>();
        uses.Note(made.Id);
        await uses.FlushAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        uses.Note(made.Id);

        await world.Gateway.RevokeAsync(made);
        await uses.FlushAsync();

        using var again = await world.Gateway.Operator.DeleteAsync($"{Keys}/{made.Id}");
        await again.ProblemAsync(HttpStatusCode.NotFound, "unknown-caller-key");
        using var shown = await world.Gateway.Operator.GetAsync($"{Keys}/{made.Id}");
        await shown.ProblemAsync(HttpStatusCode.NotFound, "unknown-caller-key");
        var (keys, database) = StoreOf(world.Gateway);
        Assert.False(await database.KeyExistsAsync(keys.CallerKeys) || await database.KeyExistsAsync(keys.CallerKeyFingerprints)
            || await database.KeyExistsAsync(keys.CallerKeyIndex) || await database.KeyExistsAsync(keys.CallerKeyUses));
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("{'name':'  ','connections':['demo'],'access':'read'}", "name")]
    [InlineData("{'name':'LONG','connections':['demo'],'access':'read'}", "name")]
    [InlineData("{'name':'app','connections':['demo']}", "access")]
    [InlineData("{'name':'app','connections':['demo'],'access':'admin'}", "access")]
    [InlineData("{'name':'app','connections':['demo'],'access':1}", "access")]
    [InlineData("{'name':'app','access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':[],'access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':'demo','access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':[null],'access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':['demo','*'],'access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':['Demo'],'access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':['demo','nobody'],'access':'read'}", "connections", "'nobody'")]
    [InlineData("{'name':'app','connections':[MANY],'access':'read'}", "connections")]
    [InlineData("{'name':'app','connections':['demo'],'access':'read','expiresAt':'2020-01-01T00:00:00Z'}", "expiresAt")]
    [InlineData("{'name':'app','connections':['demo'],'access':'read','expiresAt':'soon'}", "expiresAt")]
    [InlineData("{'name':'app','connections':['demo'],'access':'read','key':'mine'}", "key")]
    public async Task A_field_that_is_not_valid_is_named(string body, string field, string? mentioned = null)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        var json = body.Replace('\'', '"').Replace("LONG", new string('x', 201), StringComparison.Ordinal)
            .Replace("MANY", string.Join(',', Enumerable.Range(0, 101).Select(each => $"\"c{each}\"")), StringComparison.Ordinal);

        using var answer = await world.Gateway.Operator.PostAsync(Keys, new StringContent(json, Encoding.UTF8, "application/json"));

        var problem = await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request");
        Assert.StartsWith(field, problem.GetProperty("field").GetString(), StringComparison.Ordinal);
        Assert.Contains(mentioned ?? field, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(await ListedAsync(world, Keys));
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=201", "limit")]
    [InlineData("?connection=No!", "connection")]
    public async Task A_list_that_is_asked_for_wrongly_says_so(string query, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.GetAsync(Keys + query);

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }

    private static async Task<IReadOnlyList<string>> ListedAsync(World world, string path)
    {
        var ids = new List<string>();
        string? cursor = null;
        do
        {
            var page = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>(path + (cursor is null ? "" : $"&cursor={cursor}"));
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(key => key.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);
        return ids;
    }

    private static (RedisKeys Keys, IDatabase Database) StoreOf(TestGateway gateway) =>
        (gateway.Services.GetRequiredService<RedisKeys>(), gateway.Services.GetRequiredService<RedisConnection>().Database);
}
