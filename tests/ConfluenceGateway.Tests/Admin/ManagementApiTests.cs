using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>The management API, used well and badly.</summary>
public sealed class ManagementApiTests(Stores stores)
{
    [Theory]
    [InlineData("{}", "refreshToken")]
    [InlineData("""{"refreshToken":" "}""", "refreshToken")]
    [InlineData("""{"refreshToken":5}""", "refreshToken")]
    [InlineData("""{"refreshToken":"x","cloudId":"11111111-1111-4111-8111-111111111111","siteUrl":"https://acme.atlassian.net"}""", "siteUrl")]
    public async Task A_bad_import_is_refused_by_the_name_of_the_field(string body, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");

        using var answer = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/import", new StringContent(body));

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }

    [Theory, EveryStore]
    public async Task Connections_are_listed_in_order_page_by_page_and_by_state(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        foreach (var id in new[] { "d", "b", "a", "c", "e" })
        {
            await world.Gateway.CreateAsync(id);
        }

        await world.Gateway.ConnectAsync("c");
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/connections?limit=2&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString() : null;
        }
        while (cursor is not null);

        Assert.Equal(["a", "b", "c", "d", "e"], seen);
        var active = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections?state=active");
        Assert.Equal("c", Assert.Single(active.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.DoesNotContain("eyJ", active.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_paused_connection_answers_403_until_it_is_resumed()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        async Task<HttpResponseMessage> UseAsync() => await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");

        using var pause = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
        Assert.Equal("paused", (await pause.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("state").GetString());
        await Eventually.TrueAsync(async () => (await UseAsync()).StatusCode == HttpStatusCode.Forbidden, "the pause is heard of");
        using var paused = await UseAsync();
        await paused.ProblemAsync(HttpStatusCode.Forbidden, "connection-paused");
        using var refresh = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        await refresh.ProblemAsync(HttpStatusCode.Conflict, "not-refreshable");

        using var resume = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/resume", null);
        await Eventually.TrueAsync(async () => (await UseAsync()).StatusCode == HttpStatusCode.OK, "the connection serves again");
    }

    [Fact]
    public async Task A_deleted_connection_is_gone_for_apps_too()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");

        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Contains("Atlassian gives apps no way to revoke", await deleted.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await Eventually.TrueAsync(async () => (await world.Gateway.App.GetAsync("/confluence/demo/x")).StatusCode == HttpStatusCode.NotFound, "the deletion is heard of");
        using var again = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        await again.ProblemAsync(HttpStatusCode.NotFound, "unknown-connection");
    }

    [Fact]
    public async Task A_connection_with_a_grant_is_bound_to_its_site()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");

        using var moved = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { cloudId = World.GlobexCloudId });
        await moved.ProblemAsync(HttpStatusCode.Conflict, "site-pinned");
        using var renamed = await world.Gateway.Operator.PutAsJsonAsync("/api/v1/connections/demo", new { displayName = "Renamed" });

        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        Assert.Equal(World.AcmeCloudId, (await world.Gateway.ShowAsync("demo")).GetProperty("cloudId").GetString());
    }

    [Fact]
    public async Task A_grant_that_the_key_ring_cannot_read_hides_no_other()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("broken");
        await world.Gateway.ConnectAsync("whole");
        var keys = world.Gateway.Services.GetRequiredService<RedisKeys>();
        await world.Gateway.Services.GetRequiredService<RedisConnection>().Database.HashSetAsync(keys.Grant("broken"), "ciphertext", "damaged");

        var page = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections");

        Assert.Equal("whole", Assert.Single(page.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("broken", Assert.Single(page.GetProperty("unreadable").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Without_an_app_the_page_and_readiness_say_what_is_missing_and_which_callback_URL_to_register()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings(), "--Atlassian:ClientId=", "--Gateway:PublicUrl=https://gateway.example.com/cgw/"]);

        using var ready = await gateway.Management.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        using var browser = new Browser();
        foreach (var text in new[] { await ready.Content.ReadAsStringAsync(), (await browser.SignInAsync(gateway)).Html })
        {
            Assert.Contains("https://gateway.example.com/cgw/connect/callback", text, StringComparison.Ordinal);
            Assert.Matches("Atlassian(:|__)ClientId", text);
            Assert.Matches("Atlassian(:|__)ClientSecret", text);
        }

        await gateway.CreateAsync("demo");
        using var link = await gateway.Operator.PostAsync("/api/v1/connections/demo/connect-link", null);
        await link.ProblemAsync(HttpStatusCode.ServiceUnavailable, "gateway-misconfigured");
    }

    [Fact]
    public async Task Nothing_of_one_listener_answers_on_the_other()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        world.Gateway.App.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", World.AdminKey);

        foreach (var path in new[] { "/", "/api/v1/connections", "/metrics", "/health/live", "/health/ready" })
        {
            using var answer = await world.Gateway.App.GetAsync(path);
            await answer.ProblemAsync(HttpStatusCode.NotFound, "unknown-product");
        }

        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        foreach (var path in new[] { "/confluence/demo/wiki/api/v2/pages", "/connect/demo", "/connect/callback" })
        {
            Assert.Equal("Not found", (await browser.OpenAsync(world.Gateway.Page(path))).Heading);
        }
    }

    [Fact]
    public async Task Headers_over_the_limit_are_answered_431_on_both_listeners()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        foreach (var client in new[] { world.Gateway.App, world.Gateway.Management })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.TryAddWithoutValidation("X-Long", new string('x', 70_000));

            using var answer = await client.SendAsync(request);

            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, answer.StatusCode);
        }
    }
}
