using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>Which site a connection is for when the consent reaches none, several or others.</summary>
public sealed class SiteChoiceTests(Stores stores)
{
    [Fact]
    public async Task A_guest_is_told_that_the_account_reaches_no_site()
    {
        await using var world = await StartAsync();
        await world.ConsentAsAsync("guest");
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.BadRequest, "Your account reaches no Confluence site");
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Theory, EveryStore]
    public async Task A_consent_that_reaches_several_sites_asks_which_and_takes_the_chosen_one(StoreKind store)
    {
        await using var world = await StartAsync(store);
        using var browser = new Browser();
        var question = await AskAsync(world, browser);
        Assert.Contains(World.AcmeCloudId, question.Html, StringComparison.Ordinal);
        Assert.Contains(World.GlobexCloudId, question.Html, StringComparison.Ordinal);

        var page = await ChooseAsync(world, browser, question.Hidden("choice"), World.GlobexCloudId);

        page.AssertSays(HttpStatusCode.OK, "Connected");
        Assert.Equal("https://globex.atlassian.net", (await world.Gateway.ShowAsync("demo")).GetProperty("siteUrl").GetString());
        using var answer = await world.Gateway.App.GetAsync("/confluence/demo/wiki/api/v2/pages?limit=1");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task The_only_site_of_a_consent_needs_no_choice()
    {
        await using var world = await StartAsync();
        await world.ConsentAsAsync("bob");
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.OK, "Connected");
        Assert.Equal(World.AcmeCloudId, (await world.Gateway.ShowAsync("demo")).GetProperty("cloudId").GetString());
    }

    [Fact]
    public async Task Another_browser_cannot_choose()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        using var other = new Browser();
        var question = await AskAsync(world, browser);

        var page = await ChooseAsync(world, other, question.Hidden("choice"), World.AcmeCloudId);

        page.AssertSays(HttpStatusCode.BadRequest, "This consent was begun in another browser");
        await world.Gateway.AssertNotConnectedAsync("demo");
        (await ChooseAsync(world, browser, question.Hidden("choice"), World.AcmeCloudId)).AssertSays(HttpStatusCode.OK, "Connected");
    }

    [Theory]
    [InlineData("cgwc_forged", World.AcmeCloudId)]
    [InlineData("", World.AcmeCloudId)]
    [InlineData("cgwc_forged", "")]
    public async Task A_choice_that_was_not_given_out_is_refused(string choice, string cloudId)
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        await AskAsync(world, browser);

        var page = await ChooseAsync(world, browser, choice, cloudId);

        page.AssertSays(HttpStatusCode.BadRequest, "This consent cannot be finished");
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Fact]
    public async Task A_choice_without_a_form_is_refused()
    {
        await using var world = await StartAsync();

        using var answer = await world.Gateway.App.PostAsync("/connect/choose", new StringContent("choice=cgwc_forged"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_choice_works_once()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        var choice = (await AskAsync(world, browser)).Hidden("choice");
        (await ChooseAsync(world, browser, choice, World.AcmeCloudId)).AssertSays(HttpStatusCode.OK, "Connected");

        var page = await ChooseAsync(world, browser, choice, World.GlobexCloudId);

        page.AssertSays(HttpStatusCode.BadRequest, "This consent cannot be finished");
        Assert.Equal(World.AcmeCloudId, (await world.Gateway.ShowAsync("demo")).GetProperty("cloudId").GetString());
    }

    [Fact]
    public async Task A_site_that_was_not_offered_is_not_taken_and_the_question_is_asked_again()
    {
        await using var world = await StartAsync();
        using var browser = new Browser();
        var question = await AskAsync(world, browser);

        var again = await ChooseAsync(world, browser, question.Hidden("choice"), "33333333-3333-4333-8333-333333333333");

        again.AssertSays(HttpStatusCode.OK, "Which site?");
        await world.Gateway.AssertNotConnectedAsync("demo");
        (await ChooseAsync(world, browser, again.Hidden("choice"), World.AcmeCloudId)).AssertSays(HttpStatusCode.OK, "Connected");
    }

    [Fact]
    public async Task A_consent_for_other_sites_lists_them_and_changes_nothing()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo", "https://globex.atlassian.net");
        await world.ConsentAsAsync("alice", World.AcmeCloudId);
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.BadRequest, "This consent is for another site");
        Assert.Contains("The connection is for https://globex.atlassian.net", page.Html, StringComparison.Ordinal);
        Assert.Contains("<li>acme (https://acme.atlassian.net)</li>", page.Html, StringComparison.Ordinal);
        await world.Gateway.AssertNotConnectedAsync("demo");
    }

    [Fact]
    public async Task A_reconnect_stays_with_the_site_of_the_first_consent()
    {
        await using var world = await StartAsync();
        await world.ConsentAsAsync("alice", World.GlobexCloudId);
        await world.Gateway.ConnectAsync("demo", siteUrl: null);
        await world.ConsentAsAsync("alice", World.AcmeCloudId);
        using var browser = new Browser();

        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));

        page.AssertSays(HttpStatusCode.BadRequest, "This consent is for another site");
        var shown = await world.Gateway.ShowAsync("demo");
        Assert.Equal(World.GlobexCloudId, shown.GetProperty("cloudId").GetString());
        Assert.Equal(1, shown.GetProperty("generation").GetInt64());
    }

    private async Task<World> StartAsync(StoreKind store = StoreKind.Embedded)
    {
        var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo", siteUrl: null);
        return world;
    }

    private static async Task<PageSeen> AskAsync(World world, Browser browser)
    {
        var page = await browser.ConnectAsync(await world.Gateway.ConnectLinkAsync("demo"));
        page.AssertSays(HttpStatusCode.OK, "Which site?");
        return page;
    }

    private static Task<PageSeen> ChooseAsync(World world, Browser browser, string choice, string cloudId) =>
        browser.SubmitAsync(new Uri(world.Gateway.App.BaseAddress!, "/connect/choose"), new() { ["choice"] = choice, ["cloudId"] = cloudId });
}
