using ConfluenceGateway.Chaos.Replicas;

namespace ConfluenceGateway.Chaos.Stories;

/// <summary>Nothing is injected: what the other stories count is exact here.</summary>
public sealed class ControlTests
{
    [Fact]
    public async Task Without_faults_each_generation_is_one_exchange_and_none_meets_another()
    {
        await using var story = await Story.BeginAsync(new ClusterSettings { ExchangeTimeout = TimeSpan.FromSeconds(20) });

        await story.QuietAsync(14, 14);

        var account = await story.EndWellAsync("control");
        Assert.All(account.Connections, connection =>
        {
            Assert.Equal(connection.Generation - 1, connection.Exchanges);
            Assert.Equal(1, connection.MaxInFlight);
            Assert.True(connection.Generation >= 3);
        });
    }
}
