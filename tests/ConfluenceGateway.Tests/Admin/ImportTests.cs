using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>A refresh token that lives elsewhere is taken over, and whatever goes wrong, nothing is lost.</summary>
public sealed class ImportTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task It_rotates_the_token_at_once_and_serves(StoreKind store)
    {
        await using var world = await WithConnectionAsync(store);
        var minted = await world.Atlassian.MintGrantAsync("bob");

        using var imported = await ImportAsync(world, new { refreshToken = minted.RefreshToken });

        Assert.True(imported.StatusCode == HttpStatusCode.OK, await imported.Content.ReadAsStringAsync());
        Assert.Equal(1, (await world.GrantAsync()).Exchanges);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        await AssertServesAsync(world);
    }

    [Fact]
    public async Task A_dead_token_is_refused_with_the_reason_and_what_was_stored_serves_on()
    {
        await using var world = await WithConnectionAsync(StoreKind.Embedded);
        await world.Gateway.ConnectAsync("demo");
        var minted = await world.Atlassian.MintGrantAsync("bob");
        await world.Atlassian.RevokeGrantAsync(minted.Id);

        using var refused = await ImportAsync(world, new { refreshToken = minted.RefreshToken });

        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "import-rejected");
        Assert.Equal("revoked", problem.GetProperty("reason").GetString());
        Assert.Equal(1, (await world.Gateway.ShowAsync("demo")).GetProperty("generation").GetInt64());
        await AssertServesAsync(world);
    }

    [Fact]
    public async Task A_token_of_another_app_is_refused_unspent()
    {
        await using var world = await WithConnectionAsync(StoreKind.Embedded);
        await world.Atlassian.RegisterAppAsync(new AppToRegister("another-app", "its-secret"));
        var minted = await world.Atlassian.MintGrantAsync("bob", clientId: "another-app");

        using var refused = await ImportAsync(world, new { refreshToken = minted.RefreshToken });

        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "import-rejected");
        Assert.Equal("wrong_app", problem.GetProperty("reason").GetString());
        Assert.Equal(0, (await world.Atlassian.GetGrantAsync(minted.Id)).Attempts);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 2)]
    public async Task A_site_that_is_not_covered_loses_nothing_when_it_is_put_right_hours_later(int hours, int exchanges)
    {
        await using var world = await WithConnectionAsync(StoreKind.Embedded);
        var minted = await world.Atlassian.MintGrantAsync("bob");

        using var refused = await ImportAsync(world, new { refreshToken = minted.RefreshToken, cloudId = World.GlobexCloudId });
        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "site-not-covered");
        Assert.Equal([World.AcmeCloudId], problem.GetProperty("sites").EnumerateArray().Select(site => site.GetProperty("cloudId").GetString()));
        Assert.Equal("pending", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());

        await world.AdvanceAsync(TimeSpan.FromHours(hours));
        using var corrected = await ImportAsync(world, new { refreshToken = minted.RefreshToken, cloudId = World.AcmeCloudId });

        Assert.True(corrected.StatusCode == HttpStatusCode.OK, await corrected.Content.ReadAsStringAsync());
        Assert.Equal(exchanges, (await world.GrantAsync()).Exchanges);
        await world.AssertNewestIsStoredAsync(world.Gateway, "demo");
        await AssertServesAsync(world);
    }

    [Fact]
    public async Task Several_sites_and_none_named_is_refused_with_the_list()
    {
        await using var world = await WithConnectionAsync(StoreKind.Embedded);
        var minted = await world.Atlassian.MintGrantAsync("alice");

        using var refused = await ImportAsync(world, new { refreshToken = minted.RefreshToken });

        var problem = await refused.ProblemAsync(HttpStatusCode.UnprocessableEntity, "site-not-covered");
        Assert.Equal(2, problem.GetProperty("sites").GetArrayLength());
    }

    [Fact]
    public async Task Without_an_answer_nothing_is_stored_and_the_same_import_succeeds_later()
    {
        await using var world = await WithConnectionAsync(StoreKind.Embedded);
        var minted = await world.Atlassian.MintGrantAsync("bob");
        await world.Atlassian.AddFaultAsync(new Fault(FaultKind.DropAfterSpend, FaultEndpoint.Token) { Times = 1 });

        using var unanswered = await ImportAsync(world, new { refreshToken = minted.RefreshToken });
        await unanswered.ProblemAsync(HttpStatusCode.ServiceUnavailable, "token-unavailable");
        Assert.NotNull(unanswered.Headers.RetryAfter);
        using var again = await ImportAsync(world, new { refreshToken = minted.RefreshToken });

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await AssertServesAsync(world);
    }

    [Fact]
    public async Task Into_an_unknown_connection_it_is_refused_before_the_token_is_spent()
    {
        await using var world = await WithConnectionAsync(StoreKind.Embedded);
        var minted = await world.Atlassian.MintGrantAsync("bob");

        using var refused = await world.Gateway.Operator.PostAsJsonAsync("/api/v1/connections/nobody/import", new { refreshToken = minted.RefreshToken });

        await refused.ProblemAsync(HttpStatusCode.NotFound, "unknown-connection");
        Assert.Equal(0, (await world.GrantAsync()).Attempts);
    }

    private async Task<World> WithConnectionAsync(StoreKind store)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo", siteUrl: null);
        return world;
    }

    private static Task<HttpResponseMessage> ImportAsync(World world, object body) =>
        world.Gateway.Operator.PostAsJsonAsync("/api/v1/connections/demo/import", body);

    private static async Task AssertServesAsync(World world)
    {
        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(JsonValueKind.Array, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("results").ValueKind);
    }
}
