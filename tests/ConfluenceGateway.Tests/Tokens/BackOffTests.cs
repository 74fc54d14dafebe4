using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>A connection rests after a failed exchange, longer each time.</summary>
public sealed class BackOffTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly BackOff _backOff;
    private readonly ConnectionId _id = ConnectionId.Parse("demo", null);

    public BackOffTests() => _backOff = new BackOff(_time);

    [Fact]
    public void Without_a_failure_there_is_no_rest() => Assert.Equal(TimeSpan.Zero, _backOff.Left(_id));

    [Fact]
    public void Each_failure_doubles_the_rest_up_to_a_minute_less_a_jitter_of_half()
    {
        foreach (var ceiling in new double[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 })
        {
            Assert.InRange(_backOff.Failed(_id, null).TotalSeconds, ceiling / 2, ceiling);
        }
    }

    [Fact]
    public void The_jitter_differs() =>
        Assert.NotEqual(1, Enumerable.Range(0, 20).Select(number => _backOff.Failed(ConnectionId.Parse($"c{number}", null), null)).Distinct().Count());

    [Fact]
    public void The_rest_ends_when_its_time_is_over()
    {
        var rest = _backOff.Failed(_id, null);
        Assert.Equal(rest, _backOff.Left(_id));

        _time.Advance(rest);

        Assert.Equal(TimeSpan.Zero, _backOff.Left(_id));
    }

    [Fact]
    public void A_longer_wait_that_the_endpoint_asks_for_is_kept() =>
        Assert.Equal(TimeSpan.FromMinutes(5), _backOff.Failed(_id, TimeSpan.FromMinutes(5)));

    [Fact]
    public void A_shorter_one_does_not_shorten_the_rest()
    {
        foreach (var _ in Enumerable.Range(0, 6))
        {
            _backOff.Failed(_id, null);
        }

        Assert.InRange(_backOff.Failed(_id, TimeSpan.FromSeconds(1)).TotalSeconds, 30, 60);
    }

    [Fact]
    public void An_answer_ends_the_rest_and_its_growth()
    {
        _backOff.Failed(_id, TimeSpan.FromMinutes(5));
        _backOff.Failed(_id, null);

        _backOff.Clear(_id);

        Assert.Equal(TimeSpan.Zero, _backOff.Left(_id));
        Assert.InRange(_backOff.Failed(_id, null).TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void Connections_rest_apart()
    {
        _backOff.Failed(_id, null);

        Assert.Equal(TimeSpan.Zero, _backOff.Left(ConnectionId.Parse("other", null)));
    }
}
