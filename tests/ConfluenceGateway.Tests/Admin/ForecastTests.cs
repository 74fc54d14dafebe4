using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>When a grant will end by itself, as the management API shows it.</summary>
public sealed class ForecastTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task A_living_grant_shows_when_it_will_end(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        Assert.False((await world.Gateway.ShowAsync("demo")).TryGetProperty("inactiveAt", out _));
        await world.Gateway.ConnectAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromDays(1));
        await world.Gateway.RefreshAsync("demo");

        var shown = await world.Gateway.ShowAsync("demo");
        DateTimeOffset Of(string member) => shown.GetProperty(member).GetDateTimeOffset();
        Assert.Equal(Of("lastRefreshedAt").AddDays(90), Of("inactiveAt"));
        Assert.Equal(Of("consentedAt").AddDays(365), Of("consentExpiresAt"));

        await world.Atlassian.RevokeGrantAsync((await world.GrantAsync()).Id);
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        var dead = await world.Gateway.ShowAsync("demo");
        Assert.False(dead.TryGetProperty("inactiveAt", out _));
        Assert.False(dead.TryGetProperty("consentExpiresAt", out _));
    }
}
