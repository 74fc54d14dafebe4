using System.Net;
using AtlassianSimulator.Faults;

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

    [Fact]
    public async Task Replicas_that_take_turns_cost_a_call_more_and_no_walk()
    {
        var all = await pages.IdsAsync();
        var other = await pages.AddReplicaAsync();
        var reader = new ListReader(pages.World.Gateway, List);
        await pages.World.Atlassian.ClearRequestsAsync();

        for (var start = 0; reader.HasMore; start += 25)
        {
            reader.MoveTo(start / 25 % 2 == 0 ? pages.World.Gateway : other);
            await reader.AtAsync(start, 25);
        }

        Assert.Equal(all, reader.Ids);
        Assert.InRange((await CallsAsync()).Count, 40, 80);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_cursor_that_is_not_taken_any_more_is_replaced_by_counting(bool byNext)
    {
        var all = await pages.IdsAsync();
        var reader = new ListReader(pages.World.Gateway, byNext ? $"{List}&limit=100" : List);

        for (var start = 0; reader.HasMore; start += 100)
        {
            if (start == 500)
            {
                await pages.World.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 400, Times = 1 });
            }

            await (byNext ? reader.NextAsync() : reader.AtAsync(start, 100));
        }

        Assert.Equal(all, reader.Ids);
    }

    [Fact]
    public async Task A_page_whose_answer_was_lost_is_given_again()
    {
        var all = await pages.IdsAsync();
        var reader = new ListReader(pages.World.Gateway, List);
        await reader.AtAsync(0, 25);
        await reader.AtAsync(25, 25);
        await pages.World.Atlassian.AddFaultAsync(new Fault(FaultKind.Status, FaultEndpoint.Confluence) { Code = 429, RetryAfter = 3600, Times = 1 });
        using var throttled = await pages.App.GetAsync($"/confluence/demo/wiki{List}&start=50&limit=25");
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        await pages.World.Atlassian.ClearRequestsAsync();

        await reader.AtAsync(50, 25);
        await reader.AtAsync(50, 25);

        Assert.Equal([.. all.Take(75), .. all.Skip(50).Take(25)], reader.Ids);
        Assert.Equal(2, (await CallsAsync()).Count);
    }

    [Fact]
    public async Task Beyond_the_end_there_is_nothing()
    {
        var reader = new ListReader(pages.World.Gateway, List);

        var page = await reader.AtAsync(ThousandPages.Count, 25);
        await reader.AtAsync(5000, 25);

        Assert.Empty(reader.Ids);
        Assert.False(reader.HasMore);
        Assert.Equal(ThousandPages.Count, page.GetProperty("start").GetInt32());
    }

    [Fact]
    public async Task A_limit_of_0_gives_nothing_and_says_that_there_is_something()
    {
        var reader = new ListReader(pages.World.Gateway, List);

        var page = await reader.AtAsync(0, 0);

        Assert.Empty(reader.Ids);
        Assert.True(reader.HasMore);
        Assert.Equal(0, page.GetProperty("limit").GetInt32());
        await new ListReader(pages.World.Gateway, List).AtAsync(ThousandPages.Count, 0);
        using var none = await pages.App.GetAsync("/confluence/demo/wiki/rest/api/content/999999/label?limit=0");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task More_than_a_thousand_are_a_thousand()
    {
        var reader = new ListReader(pages.World.Gateway, List);

        var page = await reader.AtAsync(0, 5000);

        Assert.Equal(1000, page.GetProperty("limit").GetInt32());
        Assert.Equal(await pages.IdsAsync(), reader.Ids);
    }

    [Fact]
    public async Task A_jump_costs_few_calls_and_the_page_after_it_one()
    {
        var all = await pages.IdsAsync();
        var cold = await pages.AddReplicaAsync();
        var reader = new ListReader(cold, List);
        await pages.World.Atlassian.ClearRequestsAsync();

        await reader.AtAsync(900, 25);
        Assert.Equal(["250", "250", "250", "150", "25"], (await CallsAsync()).Select(Limit));

        await pages.World.Atlassian.ClearRequestsAsync();
        await reader.AtAsync(925, 25);
        Assert.Equal(["25"], (await CallsAsync()).Select(Limit));
        Assert.Equal(all.Skip(900).Take(50), reader.Ids);
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

    private async Task<IReadOnlyList<string>> CallsAsync() =>
        [.. (await pages.World.Atlassian.GetRequestsAsync()).Select(request => request.Target).Where(target => target.Contains("/wiki/api/v2/pages?", StringComparison.Ordinal))];

    private static string Limit(string target) => System.Web.HttpUtility.ParseQueryString(target[target.IndexOf('?', StringComparison.Ordinal)..])["limit"]!;
}
