using ConfluenceGateway.Compatibility.V1;
using Microsoft.Extensions.Time.Testing;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Which reading of a listing a page belongs to, and what a reading knows.</summary>
public sealed class ListingPositionsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ListingPositions _positions;

    public ListingPositionsTests()
    {
        _positions = new(_time);
    }

    [Fact]
    public void The_nearest_position_is_the_last_that_is_not_beyond()
    {
        var reading = new Reading(_time);
        reading.Learn(25, At("a"));
        reading.Learn(50, At("b"));

        Assert.Equal((0, Position.Beginning), reading.Nearest(24));
        Assert.Equal((25, At("a")), reading.Nearest(25));
        Assert.Equal((25, At("a")), reading.Nearest(49));
        Assert.Equal((50, At("b")), reading.Nearest(5000));
    }

    [Fact]
    public void A_long_reading_keeps_its_end_and_forgets_between()
    {
        var reading = new Reading(_time);
        for (var start = 1; start <= 10_000; start++)
        {
            reading.Learn(start, At($"{start}"));
            Assert.Equal((start, At($"{start}")), reading.Nearest(start));
        }

        Assert.InRange(Enumerable.Range(1, 10_000).Count(start => reading.Nearest(start).Start == start), 100, 256);
    }

    [Fact]
    public void A_reader_goes_on_with_its_own_reading()
    {
        var first = Serve(0, 25, "a");
        Serve(25, 25, "b");
        var second = Serve(0, 25, "c");

        Assert.NotSame(first, second);
        Assert.Same(second, Serve(25, 25, "d"));
        Assert.Equal((50, At("b")), first.Nearest(50));
        Assert.Equal((50, At("d")), second.Nearest(50));
    }

    [Fact]
    public void Who_waits_for_the_page_that_another_reads_has_its_own()
    {
        var first = Serve(0, 25, "a");
        var second = Serve(0, 25, "b");

        Assert.Same(second, _positions.Continue(25, 25, null));
        Assert.Same(first, _positions.Continue(25, 25, null));
    }

    [Fact]
    public void A_reader_that_stays_away_is_forgotten()
    {
        var reading = Serve(0, 25, "a");
        _time.Advance(TimeSpan.FromMinutes(11));

        Assert.NotSame(reading, _positions.Continue(25, 25, null));
    }

    [Fact]
    public void A_link_goes_on_with_the_reading_that_it_came_from()
    {
        Serve(0, 25, "a");
        var second = Serve(0, 25, "b");

        Assert.Same(second, _positions.Continue(25, 25, At("b")));
    }

    [Fact]
    public void A_link_of_another_replica_is_taken_at_its_word()
    {
        var known = Serve(0, 25, "a");

        var reading = _positions.Continue(25, 25, At("elsewhere"));

        Assert.NotSame(known, reading);
        Assert.Equal((25, At("elsewhere")), reading.Nearest(25));
    }

    [Fact]
    public void Who_asks_again_gets_the_same()
    {
        Serve(0, 25, "a");
        var reading = Serve(25, 25, "b");

        Assert.Same(reading, Serve(25, 25, "b"));
        Assert.Same(reading, Serve(50, 25, "c"));
    }

    [Fact]
    public void Who_jumps_starts_from_what_others_read_a_moment_ago()
    {
        Serve(0, 25, "a");
        Serve(25, 25, "b");

        Assert.Equal((50, At("b")), _positions.Continue(900, 25, null).Nearest(900));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((0, Position.Beginning), _positions.Continue(800, 25, null).Nearest(800));
    }

    [Fact]
    public void Backwards_a_page_ends_where_the_one_that_follows_begins()
    {
        var reading = Serve(950, 25, "end");

        Assert.Same(reading, _positions.Continue(925, 25, null));
        Assert.Contains("950", reading.Following(925, 25)!.Value.Ids);
        Assert.Null(reading.Following(900, 25));
    }

    [Fact]
    public void Who_reads_forward_gets_whole_pages()
    {
        Serve(0, 25, "a");
        var reading = Serve(25, 25, "b");

        Assert.NotSame(reading, _positions.Continue(0, 25, null));
        Assert.Null(reading.Following(0, 25));
    }

    [Fact]
    public void Readers_of_one_page_do_not_push_out_who_reads_on()
    {
        Serve(0, 25, "a");
        var reading = Serve(25, 25, "b");
        for (var other = 0; other < 100; other++)
        {
            Serve(0, 25, "c");
        }

        Assert.Same(reading, _positions.Continue(50, 25, null));
    }

    private static Position At(string cursor) => new(0, cursor);

    /// <summary>Serves a page, behind which the listing goes on at a cursor.</summary>
    private Reading Serve(int start, int limit, string next)
    {
        var reading = _positions.Continue(start, limit, null);
        reading.Learn(start + limit, At(next));
        reading.Serve(start, limit, [.. Enumerable.Range(start, limit).Select(number => number == start ? $"{start}" : $"{start} {number}")]);
        reading.Release();
        return reading;
    }
}
