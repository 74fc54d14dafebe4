using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>A connection rests after a failed exchange, longer each time.</summary>
public sealed class BackOffTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 4)]
    [InlineData(6, 32)]
    [InlineData(7, 60)]
    [InlineData(5_000, 60)]
    public void Each_failure_doubles_the_rest_up_to_a_minute_less_a_jitter_of_half(int failures, double ceiling)
    {
        Assert.Equal(TimeSpan.FromSeconds(ceiling / 2), BackOff.Pause(failures, null, 0));
        Assert.Equal(TimeSpan.FromSeconds(ceiling), BackOff.Pause(failures, null, 1));
    }

    [Fact]
    public void A_longer_wait_that_the_endpoint_asks_for_is_kept() =>
        Assert.Equal(TimeSpan.FromMinutes(5), BackOff.Pause(1, TimeSpan.FromMinutes(5), 0.5));

    [Fact]
    public void A_shorter_one_does_not_shorten_the_rest() =>
        Assert.Equal(TimeSpan.FromSeconds(24), BackOff.Pause(6, TimeSpan.FromSeconds(1), 0.5));
}
