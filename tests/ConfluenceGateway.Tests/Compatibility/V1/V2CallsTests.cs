using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>How many calls one call of v1 makes, and how many at a time.</summary>
public sealed class V2CallsTests(Stores stores)
{
    private int _underWay;
    private int _mostUnderWay;
    private int _made;

    [Fact]
    public async Task Eight_are_under_way_at_a_time()
    {
        using var calls = new V2Calls((_, _, _, _, cancellation) => SlowlyAsync(cancellation), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => calls.GetAsync($"/pages/{number}", NotFound)));

        Assert.Equal(V2Calls.MostAtATime, _mostUnderWay);
        Assert.Equal(100, calls.Made);
    }

    [Fact]
    public async Task The_same_is_read_once()
    {
        using var calls = new V2Calls((_, _, _, _, cancellation) => SlowlyAsync(cancellation), CancellationToken.None);

        await Task.WhenAll(Enumerable.Range(0, 100).Select(number => calls.GetAsync("/pages/1", NotFound)));

        Assert.Equal(1, _made);
    }

    [Fact]
    public async Task What_was_changed_is_read_again()
    {
        using var calls = new V2Calls((_, _, _, _, cancellation) => SlowlyAsync(cancellation), CancellationToken.None);
        await calls.GetAsync("/pages/1", NotFound);
        await calls.ChangeAsync(HttpMethod.Put, "/pages/1", new JsonObject(), NotFound);
        await calls.GetAsync("/pages/1", NotFound);

        Assert.Equal(3, _made);
        Assert.True(calls.HasWritten);
    }

    [Fact]
    public async Task More_than_three_hundred_are_refused_and_not_made()
    {
        using var calls = new V2Calls((_, _, _, _, cancellation) => SlowlyAsync(cancellation), CancellationToken.None);
        var all = Enumerable.Range(0, 400).Select(number => calls.GetAsync($"/pages/{number}", NotFound)).ToList();

        var refused = await Assert.ThrowsAsync<V1Exception>(() => Task.WhenAll(all));

        Assert.Equal((400, V2Calls.Most), (refused.Status, _made));
        Assert.Contains("Sub-expansions limit", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_that_expands_too_much_is_refused_as_v1_did()
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:V1=Always");
        var app = world.Gateway.App;
        await Parallel.ForAsync(0, 330, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (number, cancellation) =>
        {
            using var made = await app.PostAsJsonAsync("/confluence/demo/wiki/api/v2/pages", new { spaceId = "98304", status = "current", title = $"Page {number}" }, cancellation);
            Assert.True(made.IsSuccessStatusCode);
        });
        await world.Atlassian.ClearRequestsAsync();

        var refused = await V1Reply.OfAsync(app, "demo", "GET", "content?spaceKey=DEMO&limit=1000&expand=metadata.labels");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains("Sub-expansions limit", refused.Text, StringComparison.Ordinal);
        Assert.InRange((await world.Atlassian.GetRequestsAsync()).Count, 1, V2Calls.Most);
        var served = await V1Reply.OfAsync(app, "demo", "GET", "content?spaceKey=DEMO&limit=290&expand=metadata.labels");
        Assert.Equal(HttpStatusCode.OK, served.Status);
        Assert.Equal(290, served.Json!["results"]!.AsArray().Count);
    }

    private static V1Exception NotFound() => V1Exception.NotFound("nothing");

    private async Task<SiteAnswer> SlowlyAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _made);
        var underWay = Interlocked.Increment(ref _underWay);
        for (int most; underWay > (most = Volatile.Read(ref _mostUnderWay));)
        {
            Interlocked.CompareExchange(ref _mostUnderWay, underWay, most);
        }

        await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        Interlocked.Decrement(ref _underWay);
        return new SiteAnswer(200, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{_made}}"}""")), new HttpResponseMessage().Headers, "application/json");
    }
}
