using System.Net;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ConfluenceGateway.Tests.Configuration;

/// <summary>A gateway that is told to stop takes requests until balancers had time to learn of it.</summary>
public sealed class DrainTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages";

    [Fact]
    public async Task It_is_not_ready_at_once_serves_on_and_asks_to_close_until_the_delay_is_over()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Listen:DrainDelay=00:00:10");
        await world.Gateway.ConnectAsync("demo");
        using var before = await world.Gateway.App.GetAsync(Pages);
        Assert.NotEqual(true, before.Headers.ConnectionClose);

        world.Gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var stop = world.Gateway.Services.GetRequiredService<IHost>().StopAsync();

        await Eventually.TrueAsync(async () => (await world.Gateway.Management.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable, "it is not ready");
        using var during = await world.Gateway.App.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, during.StatusCode);
        Assert.True(during.Headers.ConnectionClose);
        using var alive = await world.Gateway.Management.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        Assert.False(stop.IsCompleted);

        await stop;
        await Assert.ThrowsAsync<HttpRequestException>(() => world.Gateway.App.GetAsync(Pages));
    }
}
