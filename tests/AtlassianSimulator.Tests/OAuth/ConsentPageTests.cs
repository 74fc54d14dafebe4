using System.Net;
using System.Text.RegularExpressions;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.OAuth;

public sealed class ConsentPageTests : SimulatorTest
{
    [Fact]
    public async Task The_page_names_the_app_the_account_the_sites_and_the_scopes()
    {
        var page = await PageAsync(RunningSimulator.AuthorizeUrl());

        Assert.Contains("Simulated app is requesting access", page, StringComparison.Ordinal);
        Assert.Contains("Alice Archer", page, StringComparison.Ordinal);
        Assert.Contains("acme.atlassian.net", page, StringComparison.Ordinal);
        Assert.Contains("globex.atlassian.net", page, StringComparison.Ordinal);
        Assert.Contains("<code>read:page:confluence</code>", page, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_escapes_what_the_app_sends()
    {
        var page = await PageAsync(RunningSimulator.AuthorizeUrl(scope: "<script>alert(1)</script>"));

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accepting_grants_the_sites_that_were_ticked()
    {
        var answer = await DecideAsync(await TransactionAsync(), "accept", RunningSimulator.Globex);
        var code = RunningSimulator.QueryOf(answer.Headers.Location!)["code"];

        await Simulator.RedeemAsync(code).ReadAsync();

        var grant = Assert.Single(await Simulator.Control.GetGrantsAsync());
        Assert.Equal([RunningSimulator.Globex], grant.CloudIds);
    }

    [Fact]
    public async Task Declining_tells_the_callback_access_denied()
    {
        var answer = await DecideAsync(await TransactionAsync(), "decline", RunningSimulator.Acme);

        var query = RunningSimulator.QueryOf(answer.Headers.Location!);
        Assert.Equal(("access_denied", "a&b"), (query["error"], query["state"]));
        Assert.False(query.ContainsKey("code"));
    }

    [Fact]
    public async Task A_transaction_is_good_once()
    {
        var transaction = await TransactionAsync();
        await DecideAsync(transaction, "accept", RunningSimulator.Acme);

        var again = await DecideAsync(transaction, "accept", RunningSimulator.Acme);

        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
    }

    [Fact]
    public async Task A_form_without_the_transaction_is_refused()
    {
        var answer = await DecideAsync("made-up", "accept", RunningSimulator.Acme);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await Simulator.Control.GetGrantsAsync());
    }

    [Fact]
    public async Task A_page_left_open_too_long_cannot_be_answered()
    {
        var transaction = await TransactionAsync();
        await Simulator.Control.AdvanceAsync(TimeSpan.FromMinutes(31));

        Assert.Equal(HttpStatusCode.BadRequest, (await DecideAsync(transaction, "accept", RunningSimulator.Acme)).StatusCode);
    }

    [Fact]
    public async Task No_site_ticked_shows_the_page_again()
    {
        var answer = await DecideAsync(await TransactionAsync(), "accept");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("Choose at least one site", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_site_of_somebody_else_cannot_be_slipped_in()
    {
        var page = await PageAsync(RunningSimulator.AuthorizeUrl(more: "&login_hint=bob"));

        var answer = await DecideAsync(Transaction(page), "accept", RunningSimulator.Globex);

        Assert.Null(answer.Headers.Location);
        Assert.DoesNotContain("globex", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_links_to_itself_for_other_accounts()
    {
        var page = await PageAsync(RunningSimulator.AuthorizeUrl());
        var link = WebUtility.HtmlDecode(Regex.Match(page, "href=\"([^\"]*login_hint=bob)\"").Groups[1].Value);

        var forBob = await PageAsync(link);

        Assert.Contains("Signed in as <strong>Bob Baker</strong>", forBob, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_may_accept_and_reaches_nothing()
    {
        var page = await PageAsync(RunningSimulator.AuthorizeUrl(more: "&login_hint=guest"));
        var answer = await DecideAsync(Transaction(page), "accept");

        await Simulator.RedeemAsync(RunningSimulator.QueryOf(answer.Headers.Location!)["code"]).ReadAsync();

        Assert.Empty(Assert.Single(await Simulator.Control.GetGrantsAsync()).CloudIds);
    }

    private async Task<string> PageAsync(string url)
    {
        using var answer = await Simulator.Http.GetAsync(url);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    private async Task<string> TransactionAsync() => Transaction(await PageAsync(RunningSimulator.AuthorizeUrl()));

    private static string Transaction(string page) => Regex.Match(page, "name=\"transaction\" value=\"([^\"]+)\"").Groups[1].Value;

    private Task<HttpResponseMessage> DecideAsync(string transaction, string decision, params string[] sites) => Simulator.Http.PostAsync(
        "/authorize",
        new FormUrlEncodedContent([new("transaction", transaction), new("decision", decision), .. sites.Select(site => KeyValuePair.Create("site", site))]));
}
