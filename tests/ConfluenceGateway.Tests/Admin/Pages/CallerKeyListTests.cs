using System.Net;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>Which caller keys there are, on their page and on those of connections.</summary>
public sealed partial class CallerKeyListTests(Stores stores)
{
    [Fact]
    public async Task Keys_are_listed_with_what_is_known_of_them()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.CreateAsync("other");
        await world.Gateway.MakeKeyAsync(["demo", "other"], "read", world.Clock.GetUtcNow().AddDays(3), "short-lived");
        await world.Gateway.MakeKeyAsync(["*"], name: "for all");
        await world.AdvanceAsync(TimeSpan.FromDays(5));
        using var visitor = await Visitor.SignInAsync(world.Gateway);

        var rows = Rows(await visitor.OpenAsync("/caller-keys"));

        Assert.Equal(2, rows.Count);
        foreach (var part in new[] { "short-lived", "href=\"/connections/demo\"", "href=\"/connections/other\"", ">read<", "by admin key", ">5 days ago<", ">expired<", ">2 days ago<" })
        {
            Assert.Contains(part, rows[0], StringComparison.Ordinal);
        }

        foreach (var part in new[] { "for all", ">all<", ">write<", ">never<" })
        {
            Assert.Contains(part, rows[1], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Many_keys_have_pages_and_a_connection_has_its_own()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.CreateAsync("other");
        for (var number = 0; number < 51; number++)
        {
            await world.Gateway.MakeKeyAsync(["other"], name: $"app {number}");
            world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await world.Gateway.MakeKeyAsync(["demo"], name: "its own");
        await world.Gateway.MakeKeyAsync(["*"], name: "for all");
        using var visitor = await Visitor.SignInAsync(world.Gateway);

        var first = await visitor.OpenAsync("/caller-keys?connection=other");
        Assert.Equal(50, Rows(first).Count);
        var second = await visitor.OpenAsync(WebUtility.HtmlDecode(Next().Match(first.Html).Groups[1].Value));
        Assert.Equal(["app 50", "for all"], Rows(second).Select(row => Name().Match(row).Groups[1].Value));
        Assert.DoesNotMatch(Next(), second.Html);
        Assert.Equal(["its own", "for all"], Rows(await visitor.OpenAsync("/caller-keys?connection=demo")).Select(row => Name().Match(row).Groups[1].Value));

        var nobodys = await visitor.OpenAsync("/caller-keys?connection=Not+an+id");
        Assert.Equal(HttpStatusCode.BadRequest, nobodys.Status);
        Assert.Contains("connection: must be the id of a connection", nobodys.Html, StringComparison.Ordinal);
        Assert.Contains("value=\"Not an id\"", nobodys.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Open", true)]
    [InlineData("Key", false)]
    public async Task Who_is_asked_for_no_key_is_told_and_how_to_change_that(string mode, bool isTold)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Callers:Mode={mode}");
        await world.Gateway.CreateAsync("demo");
        using var visitor = await Visitor.SignInAsync(world.Gateway);

        var keys = await visitor.OpenAsync("/caller-keys");
        var connection = await visitor.OpenAsync("/connections/demo");

        Assert.Equal(isTold, keys.Html.Contains("<strong>Nobody is asked for a key.</strong>", StringComparison.Ordinal));
        Assert.Equal(isTold, keys.Html.Contains("set <code>Callers:Mode=Key</code>", StringComparison.Ordinal));
        Assert.Equal(isTold, connection.Html.Contains("None is needed", StringComparison.Ordinal));
        Assert.Equal(!isTold, connection.Html.Contains("curl -u any:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_shows_its_keys_and_leads_to_a_new_one_for_it()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, CallerKeyCalls.Setting);
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.CreateAsync("other");
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        Assert.Contains("no app can use it", (await visitor.OpenAsync("/connections/demo")).Html, StringComparison.Ordinal);
        await world.Gateway.MakeKeyAsync(["demo"], "read", name: "its own");
        await world.Gateway.MakeKeyAsync(["other"], name: "another's");

        var page = await visitor.OpenAsync("/connections/demo");

        Assert.Contains("its own", Assert.Single(Rows(page)), StringComparison.Ordinal);
        Assert.Contains("href=\"/caller-keys?connection=demo\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("href=\"/caller-keys/new?connection=demo\"", page.Html, StringComparison.Ordinal);
        Assert.Contains(">demo</textarea>", (await visitor.OpenAsync("/caller-keys/new?connection=demo")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_every_key_and_can_make_and_revoke_none()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, Visitor.ViewerSetting);
        await world.Gateway.CreateAsync("demo");
        var key = await world.Gateway.MakeKeyAsync(["demo"], name: "its own");
        using var viewer = await Visitor.SignInAsync(world.Gateway, Visitor.ViewerKey);

        foreach (var path in new[] { "/caller-keys", "/connections/demo" })
        {
            var page = await viewer.OpenAsync(path);
            Assert.Contains("its own", Assert.Single(Rows(page)), StringComparison.Ordinal);
            Assert.Empty(Visitor.ActionsOf(page));
            Assert.DoesNotContain("/caller-keys/new", page.Html, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.OpenAsync("/caller-keys/new")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.SendAsync("/caller-keys", ("name", "mine"), ("connections", "demo"), ("access", "write"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.SendAsync($"/caller-keys/{key.Id}/revoke")).Status);
        Assert.Equal(key.Id, (await world.Gateway.ShowAsync(key)).GetProperty("id").GetString());
        Assert.Single(Rows(await viewer.OpenAsync("/caller-keys")));
    }

    private static IReadOnlyList<string> Rows(PageSeen page) => [.. Row().Matches(page.Html).Select(row => row.Value)];

    // A row whose first cell is a key.
    [GeneratedRegex("<tr>\\s*<td data-label=\"Key\">.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("data-label=\"Key\"><span>(.*?)<br")]
    private static partial Regex Name();

    [GeneratedRegex("rel=\"next\" href=\"([^\"]*)\"")]
    private static partial Regex Next();
}
