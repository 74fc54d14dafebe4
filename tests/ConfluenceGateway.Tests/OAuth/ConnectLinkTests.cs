using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>What a link to connect allows, and for how long.</summary>
public sealed class ConnectLinkTests(Stores stores)
{
    [Theory]
    [InlineData(23, HttpStatusCode.OK, "Connected")]
    [InlineData(25, HttpStatusCode.BadRequest, "This link does not work")]
    public async Task A_link_works_for_a_day(int hours, HttpStatusCode status, string heading)
    {
        await using var world = await StartAsync();
        var link = await world.Gateway.ConnectLinkAsync("demo");
        await world.AdvanceAsync(TimeSpan.FromHours(hours));
        using var browser = new Browser();

        var page = await browser.ConnectAsync(link);

        page.AssertSays(status, heading);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?ticket=")]
    [InlineData("?ticket=made-up")]
    [InlineData("?ticket=%00%ff")]
    public async Task A_link_without_a_real_ticket_does_not_work(string query)
    {
        await using var world = await StartAsync();
        using var browser = new Browser();

        var page = await browser.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, "/connect/demo" + query));

        page.AssertSays(HttpStatusCode.BadRequest, "This link does not work");
        Assert.Single(browser.Visited); // Nobody is sent to Atlassian.
    }

    [Fact]
    public async Task A_ticket_with_one_letter_changed_does_not_work()
    {
        await using var world = await StartAsync();
        var link = (await world.Gateway.ConnectLinkAsync("demo")).AbsoluteUri.ToCharArray();
        link[^10] = link[^10] == 'A' ? 'B' : 'A';
        using var browser = new Browser();

        var page = await browser.ConnectAsync(new Uri(new string(link)));

        page.AssertSays(HttpStatusCode.BadRequest, "This link does not work");
    }

    [Theory]
    [InlineData("other")]
    [InlineData("nobody")]
    [InlineData("No-Id")]
    public async Task A_ticket_works_for_its_own_connection_only(string id)
    {
        await using var world = await StartAsync();
        await world.Gateway.CreateAsync("other");
        var link = await world.Gateway.ConnectLinkAsync("demo");
        using var browser = new Browser();

        var page = await browser.OpenAsync(new Uri(world.Gateway.App.BaseAddress!, $"/connect/{id}{link.Query}"));

        page.AssertSays(HttpStatusCode.BadRequest, "This link does not work");
    }

    [Fact]
    public async Task A_link_of_a_deleted_connection_says_so()
    {
        await using var world = await StartAsync();
        var link = await world.Gateway.ConnectLinkAsync("demo");
        using var deleted = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/demo");
        using var browser = new Browser();

        var page = await browser.ConnectAsync(link);

        page.AssertSays(HttpStatusCode.NotFound, "There is no such connection");
    }

    [Theory, EveryStore]
    public async Task A_link_of_one_replica_works_at_another(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), gateways: 2);
        await world.Gateway.CreateAsync("demo");
        var link = await world.Gateway.ConnectLinkAsync("demo");
        using var browser = new Browser();
        var authorize = await browser.ConnectUntilAsync(new Uri(world.Gateways[1].App.BaseAddress!, link.PathAndQuery), "/authorize");

        // The browser's cookie is for the host, so the second replica's callback gets it as well.
        var page = await browser.OpenAsync(authorize);

        page.AssertSays(HttpStatusCode.OK, "Connected");
        Assert.Equal("active", (await world.Gateways[0].ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task A_callers_link_does_not_move_a_connection_to_another_account()
    {
        await using var world = await StartAsync();
        var link = await ReconnectUrlAfterRevocationAsync(world);
        await world.ConsentAsAsync("bob");
        using var browser = new Browser();

        var page = await browser.ConnectAsync(link);

        page.AssertSays(HttpStatusCode.Forbidden, "This is another account");
        var shown = await world.Gateway.ShowAsync("demo");
        Assert.Equal("reauth_required", shown.GetProperty("state").GetString());
        Assert.Equal(1, shown.GetProperty("generation").GetInt64());
    }

    [Fact]
    public async Task A_callers_link_repairs_a_connection_with_the_account_that_made_it()
    {
        await using var world = await StartAsync();
        var link = await ReconnectUrlAfterRevocationAsync(world);
        using var browser = new Browser();

        var page = await browser.ConnectAsync(link);

        page.AssertSays(HttpStatusCode.OK, "Connected");
        Assert.Equal("active", (await world.Gateway.ShowAsync("demo")).GetProperty("state").GetString());
    }

    [Fact]
    public async Task An_operators_link_allows_another_account()
    {
        await using var world = await StartAsync();
        await ReconnectUrlAfterRevocationAsync(world);
        var before = (await world.Gateway.ShowAsync("demo")).GetProperty("accountId").GetString();
        await world.ConsentAsAsync("bob");
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.OK, "Connected");
        var shown = await world.Gateway.ShowAsync("demo");
        Assert.Equal("active", shown.GetProperty("state").GetString());
        Assert.NotEqual(before, shown.GetProperty("accountId").GetString());
    }

    [Fact]
    public async Task The_retry_of_a_callers_link_is_a_callers_link()
    {
        await using var world = await StartAsync();
        var link = await ReconnectUrlAfterRevocationAsync(world);
        await world.ConsentAsAsync("guest");
        using var browser = new Browser();
        var refused = await browser.ConnectAsync(link);
        refused.AssertSays(HttpStatusCode.BadRequest, "Your account reaches no Confluence site");
        var retry = WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(refused.Html, "href=\"([^\"]+)\"").Groups[1].Value);
        await world.ConsentAsAsync("bob");

        var page = await browser.ConnectAsync(new Uri(retry));

        page.AssertSays(HttpStatusCode.Forbidden, "This is another account");
    }

    private async Task<World> StartAsync()
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        return world;
    }

    // Alice consents, and takes it back: the app's 401 has the link.
    private static async Task<Uri> ReconnectUrlAfterRevocationAsync(World world)
    {
        await world.Gateway.ConnectAsync("demo");
        return await world.RevokeAsync();
    }
}
