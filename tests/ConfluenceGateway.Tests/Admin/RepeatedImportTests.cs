using System.Net;
using System.Net.Http.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>The same import again, by a script that was stopped or an operator who is not sure.</summary>
public sealed class RepeatedImportTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task It_changes_nothing_and_spends_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        var minted = await world.Atlassian.MintGrantAsync("bob");
        using var first = await ImportAsync(world, "demo", minted.RefreshToken);
        await world.Gateway.RefreshAsync("demo");
        var (generation, exchanges) = ((await world.Gateway.StoredGrantAsync("demo")).Generation, (await world.GrantAsync()).Exchanges);

        using var again = await ImportAsync(world, "demo", minted.RefreshToken);

        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal((generation, exchanges), ((await world.Gateway.StoredGrantAsync("demo")).Generation, (await world.GrantAsync()).Exchanges));
        using var served = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task Into_another_connection_it_is_refused_and_the_first_serves_on()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.CreateAsync("other");
        var minted = await world.Atlassian.MintGrantAsync("bob");
        using var first = await ImportAsync(world, "demo", minted.RefreshToken);

        using var second = await ImportAsync(world, "other", minted.RefreshToken);

        Assert.Equal("demo", (await second.ProblemAsync(HttpStatusCode.Conflict, "already-imported")).GetProperty("connection").GetString());
        using var served = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task After_a_deletion_it_is_judged_anew()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        var minted = await world.Atlassian.MintGrantAsync("bob");
        using var first = await ImportAsync(world, "demo", minted.RefreshToken);
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        await world.Gateway.CreateAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromMinutes(11));

        using var again = await ImportAsync(world, "demo", minted.RefreshToken);

        await again.ProblemAsync(HttpStatusCode.UnprocessableEntity, "import-rejected");
    }

    private static Task<HttpResponseMessage> ImportAsync(World world, string id, string refreshToken) =>
        world.Gateway.Operator.PostAsJsonAsync($"/api/v1/connections/{id}/import", new { refreshToken });
}
