using ConfluenceGateway.Proxy.Throttling;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>How long a throttled request rests before it is sent again.</summary>
public sealed class RetryPauseTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(10, 0.0, 10)]
    [InlineData(10, 0.5, 11)]
    [InlineData(10, 1.0, 12)]
    [InlineData(0, 0.0, 1)]
    [InlineData(0, 1.0, 1.2)]
    public void Retry_After_is_honoured_from_a_second_on_and_up_to_a_fifth_more(int asked, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Next(Throttled(asked), chance: chance));

    [Theory]
    [InlineData(1, 0.0, 1)]
    [InlineData(2, 0.0, 2)]
    [InlineData(3, 0.0, 4)]
    [InlineData(6, 0.0, 32)]
    [InlineData(3, 1.0, 4.8)]
    public void Without_Retry_After_each_pause_is_twice_the_last(int attempt, double chance, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Next(Throttled(null), attempt, chance: chance));

    [Theory]
    [InlineData(7)]
    [InlineData(int.MaxValue)]
    public void A_pause_beyond_the_budget_is_none(int attempt) => Assert.Null(Next(Throttled(null), attempt));

    [Fact]
    public void What_was_waited_is_gone_from_the_budget_and_the_chance_does_not_overdraw_it()
    {
        Assert.Equal(TimeSpan.FromSeconds(20), Next(Throttled(20), waited: 40, chance: 1));
        Assert.Null(Next(Throttled(20), waited: 41));
        Assert.Null(Next(Throttled(0), waited: 60));
        Assert.Null(Next(Throttled(int.MaxValue)));
    }

    [Fact]
    public void Without_a_budget_nobody_waits() => Assert.Null(Next(Throttled(0), budget: TimeSpan.Zero));

    [Fact]
    public void A_503_is_waited_for_when_it_says_how_long()
    {
        Assert.Equal(TimeSpan.FromSeconds(3), Next(new Throttle(Throttle.Unavailable, TimeSpan.FromSeconds(3))));
        Assert.Null(Next(new Throttle(Throttle.Unavailable, null)));
    }

    private static Throttle Throttled(int? seconds) => new(Throttle.QuotaApp, seconds is { } known ? TimeSpan.FromSeconds(known) : null);

    private static TimeSpan? Next(Throttle throttle, int attempt = 1, double waited = 0, double chance = 0, TimeSpan? budget = null) =>
        new RetryPause(Options.Create(new ThrottlingOptions { WaitBudget = budget ?? Budget }), new Chance(chance)).Next(throttle, attempt, TimeSpan.FromSeconds(waited));

    /// <summary>Always the same.</summary>
    private sealed class Chance(double value) : Random
    {
        public override double NextDouble() => value;
    }
}
