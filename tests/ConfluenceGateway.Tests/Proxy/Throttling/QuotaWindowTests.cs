using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy.Throttling;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>When a window begins and ends, and what it adds up.</summary>
public sealed class QuotaWindowTests
{
    private static readonly DateTimeOffset Noon = new(2030, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);
    private readonly QuotaWindow _window = QuotaWindow.Around(new DateTimeOffset(2030, 6, 1, 14, 20, 59, TimeSpan.FromHours(2)));

    [Fact]
    public void It_is_the_hour_of_the_clock() => Assert.Equal((Noon, Noon.AddHours(1)), (_window.Begin, _window.End));

    [Fact]
    public void The_next_begins_where_it_ended_or_hours_later()
    {
        Assert.Equal(Noon.AddHours(1), _window.After(Noon.AddHours(1)).Begin);
        Assert.Equal(Noon.AddHours(1), _window.After(Noon.AddMinutes(119)).Begin);
        Assert.Equal(Noon.AddHours(25), _window.After(Noon.AddHours(25.5)).Begin);
    }

    [Theory]
    [InlineData("12:34:29", "12:34:00")]
    [InlineData("12:34:30", "12:35:00")]
    [InlineData("13:10:00", "13:10:00")]
    [InlineData("12:59:01", "13:00:00")]
    [InlineData("13:00:59", "13:00:00")]
    [InlineData("12:00:59", "13:00:00")]
    public void Atlassian_ends_it_to_the_minute(string told, string end)
    {
        _window.Count(Id, 5);

        _window.EndAt(Noon.Date + TimeSpan.Parse(told, null));

        Assert.Equal(TimeSpan.Parse(end, null), _window.End.TimeOfDay);
        Assert.Equal((Noon, 5), (_window.Begin, _window.Used));
        Assert.Equal(_window.End, _window.After(_window.End.AddMinutes(10)).Begin);
    }

    [Fact]
    public void What_all_replicas_counted_takes_the_place_of_what_was_told_them()
    {
        _window.Count(Id, 5);
        var counted = _window.Counted();
        _window.Count(Id, 2);

        _window.Exchanged(counted, new QuotaTotal(Points: 100, Connections: 7, Own: [60]));

        Assert.Equal((102, 62, 7), (_window.Used, _window.UsedBy(Id), _window.Connections));
        Assert.Equal([new CountedPoints(Id, 2)], _window.Counted());
    }

    [Fact]
    public void A_store_that_forgot_makes_nothing_less()
    {
        _window.Count(Id, 5);
        _window.Exchanged(_window.Counted(), new QuotaTotal(Points: 100, Connections: 7, Own: [60]));
        _window.Count(Id, 3);

        _window.Exchanged(_window.Counted(), new QuotaTotal(Points: 3, Connections: 1, Own: [3]));

        Assert.Equal((103, 63, 7), (_window.Used, _window.UsedBy(Id), _window.Connections));
    }

    [Fact]
    public async Task Requests_at_once_are_all_counted()
    {
        const int Each = 10_000;

        await Parallel.ForEachAsync(Enumerable.Range(0, 8), async (worker, _) =>
        {
            await Task.Yield();
            for (var call = 0; call < Each; call++)
            {
                _window.Count(ConnectionId.Parse($"c{call % 10}", null), 1);
                if (worker == 0 && call % 100 == 0)
                {
                    var counted = _window.Counted();
                    _window.Exchanged(counted, new QuotaTotal(0, 0, [.. counted.Select(_ => 0L)]));
                }
            }
        });

        Assert.Equal((8 * Each, 10), (_window.Used, _window.Connections));
        Assert.Equal(8 * Each / 10, _window.UsedBy(ConnectionId.Parse("c3", null)));
    }
}
