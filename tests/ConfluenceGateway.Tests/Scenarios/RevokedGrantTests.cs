using System.Net;
using AtlassianSimulator;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>A person takes the consent back, and gives it again.</summary>
public sealed class RevokedGrantTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory, EveryStore]
    public async Task The_401_carries_a_link_that_brings_the_same_connection_back_in_every_replica(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.ConnectAsync("demo");
        var revoked = await world.GrantAsync();
        await world.Atlassian.RevokeGrantAsync(revoked.Id);
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));

        using var first = await world.Gateway.App.GetAsync(Pages);
        var problem = await first.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.Equal("revoked", problem.GetProperty("reason").GetString());
        Assert.Contains("error=\"invalid_token\"", first.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);

        // Meanwhile nobody asks the token endpoint again, in either replica.
        for (var call = 0; call < 20; call++)
        {
            using var again = await world.Gateways[call % 2].App.GetAsync(Pages);
            await again.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        }

        Assert.Equal(1, (await world.Atlassian.GetGrantAsync(revoked.Id)).Attempts);
        Assert.Equal("reauth_required", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());

        using var browser = new Browser();
        var page = await browser.ConnectAsync(new Uri(problem.GetProperty("reconnectUrl").GetString()!));
        Assert.Equal("Connected", page.Heading);

        foreach (var gateway in world.Gateways)
        {
            await Eventually.TrueAsync(async () => (await gateway.App.GetAsync(Pages)).StatusCode == HttpStatusCode.OK, "the connection serves again");
        }

        var shown = await world.Gateway.ShowAsync("demo");
        Assert.Equal("active", shown.GetProperty("state").GetString());
        Assert.Equal(2, shown.GetProperty("generation").GetInt64());
        Assert.Equal(1, (await world.Atlassian.GetGrantAsync(revoked.Id)).Attempts);
    }

    [Theory]
    [InlineData(DeadTokenAnswer.Measured)]
    [InlineData(DeadTokenAnswer.Documented)]
    public async Task Both_forms_of_the_dead_token_answer_are_understood(DeadTokenAnswer form)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { DeadTokenAnswer = form });
        await world.Gateway.ConnectAsync("demo");
        await world.Atlassian.ChangePasswordAsync("alice");
        await world.AdvanceAsync(TimeSpan.FromMinutes(61));

        using var answer = await world.Gateway.App.GetAsync(Pages);

        await answer.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
    }

    [Theory]
    [InlineData(91, "inactive")]
    [InlineData(30, "consent_expired")]
    public async Task The_reason_tells_neglect_from_age(int idleDays, string reason)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        while (reason == "consent_expired" && (await world.Atlassian.GetStateAsync()).Now - (await world.GrantAsync()).CreatedAt < TimeSpan.FromDays(340))
        {
            await world.AdvanceAsync(TimeSpan.FromDays(60));
            await world.Gateway.RefreshAsync("demo");
        }

        await world.AdvanceAsync(TimeSpan.FromDays(idleDays));
        using var answer = await world.Gateway.App.GetAsync(Pages);

        var problem = await answer.ProblemAsync(HttpStatusCode.Unauthorized, "reauth-required");
        Assert.Equal(reason, problem.GetProperty("reason").GetString());
    }
}
