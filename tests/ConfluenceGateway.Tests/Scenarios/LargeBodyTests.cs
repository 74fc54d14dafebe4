using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Bodies stream: however long they are, the gateway holds little of them.</summary>
public sealed class LargeBodyTests
{
    private const long Length = 100_000_000;
    private const long MostGrowth = 32 << 20;

    [Fact]
    public async Task A_hundred_MB_each_way_take_no_more_memory_than_32_MiB()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "resident memory is read from /proc");
        await using var gateway = await LargeBodyGateway.StartAsync();
        // Until code is compiled and pools are filled, memory grows by that.
        for (var round = 0; round < 4; round++)
        {
            await gateway.UpAsync(Length / 10);
            await gateway.DownAsync(Length / 10);
        }

        var before = gateway.ResidentBytes;
        var peak = await gateway.PeakAsync(async () =>
        {
            await gateway.UpAsync(Length);
            await gateway.DownAsync(Length);
        });

        TestContext.Current.TestOutputHelper?.WriteLine($"resident before {before >> 20} MiB, at most {peak >> 20} MiB");
        Assert.InRange(peak - before, long.MinValue, MostGrowth);
    }
}
