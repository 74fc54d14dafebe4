using System.Net;
using AtlassianSimulator.Faults;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>What reading a list of v1 costs on top of v2's cursors, at its ends, and when a call in the middle fails.</summary>
public sealed class PagingCostTests(ThousandPages pages) : IClassFixture<ThousandPages>, IAsyncLifetime
{
    private const string List = "/rest/api/content?spaceKey=ENG";

    // What the test before has left behind is forgotten then.
    public async ValueTask InitializeAsync() => await pages.World.AdvanceAsync(TimeSpan.FromMinutes(11));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

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

    private async Task<IReadOnlyList<string>> CallsAsync() =>
        [.. (await pages.World.Atlassian.GetRequestsAsync()).Select(request => request.Target).Where(target => target.Contains("/wiki/api/v2/pages?", StringComparison.Ordinal))];

    private static string Limit(string target) => System.Web.HttpUtility.ParseQueryString(target[target.IndexOf('?', StringComparison.Ordinal)..])["limit"]!;
}
