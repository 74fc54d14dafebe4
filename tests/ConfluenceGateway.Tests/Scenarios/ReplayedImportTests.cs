using System.Net;
using System.Net.Http.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A token was imported, and the program it came from goes on using it.</summary>
public sealed class ReplayedImportTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task The_401_and_the_connection_say_that_another_program_uses_the_token(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var imported = await ImportAsync(world);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));
        await SpendElsewhereAsync(world, imported);

        using var refused = await world.Gateway.App.GetAsync(Pages);

        var problem = await refused.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.Equal("replayed", problem.GetProperty("reason").GetString());
        Assert.Contains("stop it there", problem.GetProperty("evidence").GetString(), StringComparison.Ordinal);
        Assert.Equal("replayed", (await world.Gateway.ShowAsync("demo")).GetProperty("reason").GetString());
    }

    [Theory, EveryStore]
    public async Task Rotations_of_the_first_day_change_nothing_of_it(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var imported = await ImportAsync(world);
        await world.Gateway.RefreshAsync("demo");
        await world.Gateway.RefreshAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromHours(8));
        await SpendElsewhereAsync(world, imported);

        Assert.Equal("replayed", await ReasonAsync(world));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_consent_or_a_day_without_trouble_ends_the_suspicion(bool consents)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await ImportAsync(world);
        if (consents)
        {
            await world.Gateway.ConnectAsync("demo");
        }

        await world.AdvanceAsync(consents ? TimeSpan.FromMinutes(61) : TimeSpan.FromHours(25));
        foreach (var grant in await world.Atlassian.GetGrantsAsync())
        {
            await world.Atlassian.RevokeGrantAsync(grant.Id);
        }

        Assert.Equal("revoked", await ReasonAsync(world));
    }

    private static async Task<string> ImportAsync(World world)
    {
        await world.Gateway.CreateAsync("demo");
        var minted = await world.Atlassian.MintGrantAsync("alice");
        using var answer = await world.Gateway.Operator.PostAsJsonAsync("/api/v1/connections/demo/import", new { refreshToken = minted.RefreshToken });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return minted.RefreshToken;
    }

    private static async Task SpendElsewhereAsync(World world, string refreshToken)
    {
        using var elsewhere = new HttpClient(new SocketsHttpHandler()) { BaseAddress = world.SimulatorUrl };
        using var answer = await elsewhere.PostAsJsonAsync("/oauth/token", new
        {
            grant_type = "refresh_token",
            client_id = World.ClientId,
            client_secret = World.ClientSecret,
            refresh_token = refreshToken,
        });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static async Task<string?> ReasonAsync(World world)
    {
        using var refused = await world.Gateway.App.GetAsync(Pages);
        return (await refused.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required")).GetProperty("reason").GetString();
    }
}
