namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Lists of v1, counted by <c>start</c> and <c>limit</c>, on top of v2's cursors, while they change.</summary>
public sealed class PagingTests(ThousandPages pages) : IClassFixture<ThousandPages>, IAsyncLifetime
{
    private const string List = "/rest/api/content?spaceKey=ENG";

    // What the test before has left behind is forgotten then.
    public async ValueTask InitializeAsync() => await pages.World.AdvanceAsync(TimeSpan.FromMinutes(11));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(1000)]
    public async Task Counting_start_on_gives_each_page_once_while_others_come_and_go(int limit)
    {
        var staying = await StayingAsync();
        var reader = new ListReader(pages.World.Gateway, List);

        for (var start = 0; reader.HasMore; start += limit)
        {
            await reader.AtAsync(start, limit);
            await ChangeAsync(start, limit);
        }

        AssertEachOnce(staying, reader);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(1000)]
    public async Task Following_next_gives_each_page_once_while_others_come_and_go(int limit)
    {
        var staying = await StayingAsync();
        var reader = new ListReader(pages.World.Gateway, $"{List}&limit={limit}");

        for (var start = 0; reader.HasMore; start += limit)
        {
            await reader.NextAsync();
            await ChangeAsync(start, limit);
        }

        AssertEachOnce(staying, reader);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(25)]
    [InlineData(100)]
    [InlineData(250)]
    [InlineData(1000)]
    public async Task Reading_backwards_gives_each_page_once_while_others_come_and_go(int limit)
    {
        var staying = await StayingAsync();
        var reader = new ListReader(pages.World.Gateway, List);

        for (var start = (ThousandPages.Count - 1) / limit * limit; start >= 0; start -= limit)
        {
            await reader.AtAsync(start, limit);
            await ChangeAsync(ThousandPages.Count - start - 1, limit);
        }

        AssertEachOnce(staying, reader);
    }

    [Fact]
    public async Task Readers_that_go_side_by_side_do_not_disturb_each_other()
    {
        var staying = await StayingAsync();
        var (first, second, third) = (new ListReader(pages.World.Gateway, List), new ListReader(pages.World.Gateway, List), new ListReader(pages.World.Gateway, $"{List}&limit=25"));

        for (var start = 0; first.HasMore || second.HasMore; start += 25)
        {
            // The second is behind by three pages, and what was removed since has moved them.
            await (first.HasMore ? first.AtAsync(start, 25) : Task.CompletedTask);
            await (start >= 75 && second.HasMore ? second.AtAsync(start - 75, 25) : Task.CompletedTask);
            await (third.HasMore ? third.NextAsync() : Task.CompletedTask);
            await ChangeAsync(start, 25);
        }

        AssertEachOnce(staying, first);
        AssertEachOnce(staying, second);
        AssertEachOnce(staying, third);
    }

    [Fact]
    public async Task Pages_asked_for_at_the_same_time_are_each_given_once()
    {
        var all = await pages.IdsAsync();
        var readers = Enumerable.Range(0, 10).Select(_ => new ListReader(pages.World.Gateway, List)).ToList();

        await Task.WhenAll(readers.Select((reader, index) => reader.AtAsync(index * 100, 100)));

        Assert.Equal(all, readers.SelectMany(reader => reader.Ids));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_replica_takes_over_in_the_middle(bool byNext)
    {
        var staying = await StayingAsync();
        var other = await pages.AddReplicaAsync();
        var reader = new ListReader(pages.World.Gateway, byNext ? $"{List}&limit=25" : List);

        for (var start = 0; reader.HasMore; start += 25)
        {
            await (byNext ? reader.NextAsync() : reader.AtAsync(start, 25));
            if (start == 475)
            {
                reader.MoveTo(other);
            }

            // What is counted is right at another replica as long as nothing was removed before; a link is always right.
            await (byNext || start > 475 ? ChangeAsync(start, 25) : Task.CompletedTask);
        }

        AssertEachOnce(staying, reader);
    }

    /// <summary>The pages that stay while five others are removed.</summary>
    private async Task<IReadOnlyList<string>> StayingAsync()
    {
        var removed = pages.NextToGo();
        return [.. (await pages.IdsAsync()).Where(id => !removed.Contains(id))];
    }

    // Five times while the list is read, spread over it.
    private async Task ChangeAsync(int passed, int limit)
    {
        var between = ThousandPages.Count / 5;
        for (var change = passed / between; change < Math.Min((passed + limit) / between, 5); change++)
        {
            await pages.ChangeAsync();
        }
    }

    private static void AssertEachOnce(IReadOnlyList<string> staying, ListReader reader)
    {
        Assert.Equal(reader.Ids.Distinct(), reader.Ids);
        Assert.Empty(staying.Except(reader.Ids));
    }
}
