using System.Net;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Webhooks;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>What became of events, on the page of their endpoint.</summary>
public sealed partial class DeliveryPageTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task Deliveries_show_what_came_of_them_and_are_sent_again(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        var (id, _) = await world.Gateway.AddWebhookAsync(receiver);
        Assert.Contains("Nothing was sent to it yet.", (await visitor.OpenAsync($"/webhooks/{id}")).Html, StringComparison.Ordinal);
        var delivered = await world.Gateway.TellAsync("demo");
        await world.Gateway.NewestAsync(id, "204");
        receiver.Answer = Receiver.Status(503);
        var failed = await world.Gateway.TellAsync("@app", "app.misconfigured");
        await world.Gateway.NewestAsync(id, "503");

        var rows = Rows(await visitor.OpenAsync($"/webhooks/{id}"));

        Assert.Equal(2, rows.Count);
        AssertHolds(rows[0], failed, "<code>app.misconfigured</code>", "no connection", "<span class=\"badge warn\">to be tried again</span>", "<code>503</code>", ">1</td>", "Try now");
        Assert.Matches("data-label=\"Next attempt\"><time ", rows[0]);
        AssertHolds(rows[1], delivered, "<a href=\"/connections/demo\">demo</a>", "<span class=\"badge good\">delivered</span>", "<code>204</code>", "Send again", $"/webhooks/{id}/deliveries/{delivered}/replay");

        receiver.Answer = Receiver.Status(204);
        var replayed = await visitor.SendAsync($"/webhooks/{id}/deliveries/{delivered}/replay");
        Assert.Contains($"{delivered} is sent, behind", replayed.Html, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => receiver.Processed.Count(hook => hook == delivered) == 2, "it is sent again");
        Assert.Contains($"{failed} is tried again now.", (await visitor.SendAsync($"/webhooks/{id}/deliveries/{failed}/replay")).Html, StringComparison.Ordinal);
        await Eventually.TrueAsync(() => receiver.Processed.Contains(failed), "what waited arrives");
        Assert.Contains("Unknown delivery.", (await visitor.SendAsync($"/webhooks/{id}/deliveries/evt_0/replay")).Html, StringComparison.Ordinal);
        Assert.Equal([(id, "done"), (id, "done"), (id, "unknown-delivery")], await visitor.AuditedAsync("webhook.replay"));
    }

    [Fact]
    public async Task Many_deliveries_have_pages_the_newest_first()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local);
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        var (id, _) = await world.Gateway.AddWebhookAsync(receiver);
        var told = new List<string>();
        for (var number = 0; number < 53; number++)
        {
            told.Add(await world.Gateway.TellAsync($"c{number}"));
        }

        var first = await visitor.OpenAsync($"/webhooks/{id}");
        var second = await visitor.OpenAsync(WebUtility.HtmlDecode(Next().Match(first.Html).Groups[1].Value));

        Assert.Equal(told.AsEnumerable().Reverse(), Rows(first).Concat(Rows(second)).Select(row => Event().Match(row).Value));
        Assert.Equal((50, 3), (Rows(first).Count, Rows(second).Count));
        Assert.DoesNotMatch(Next(), second.Html);
        var wrong = await visitor.OpenAsync($"/webhooks/{id}?cursor=next");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        Assert.Contains("cursor: must be", wrong.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_answered_410_says_so_and_nothing_is_sent_to_it_until_it_is_enabled()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = Receiver.Status(410);
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local);
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        var (id, _) = await world.Gateway.AddWebhookAsync(receiver);
        var told = await world.Gateway.TellAsync();
        await world.Gateway.NewestAsync(id, "410");

        var page = await visitor.OpenAsync($"/webhooks/{id}");

        Assert.Contains("<span class=\"badge bad\">disabled: it answered 410</span>", page.Html, StringComparison.Ordinal);
        Assert.Equal([$"/webhooks/{id}/enable", $"/webhooks/{id}/edit", $"/webhooks/{id}/rotate-secret", $"/webhooks/{id}/delete"], Visitor.ActionsOf(page));
        Assert.Contains("The webhook endpoint is disabled.", (await visitor.SendAsync($"/webhooks/{id}/deliveries/{told}/replay")).Html, StringComparison.Ordinal);
        receiver.Answer = Receiver.Status(204);
        Assert.DoesNotContain("410</span>", (await visitor.SendAsync($"/webhooks/{id}/enable")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_viewer_sees_endpoints_and_deliveries_and_can_do_nothing_to_them()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local, Visitor.ViewerSetting);
        var (id, _) = await world.Gateway.AddWebhookAsync(receiver);
        var told = await world.Gateway.TellAsync();
        await world.Gateway.NewestAsync(id, "204");
        using var viewer = await Visitor.SignInAsync(world.Gateway, Visitor.ViewerKey);

        var (list, page) = (await viewer.OpenAsync("/webhooks"), await viewer.OpenAsync($"/webhooks/{id}"));

        Assert.Contains(receiver.Url, list.Html, StringComparison.Ordinal);
        AssertHolds(Assert.Single(Rows(page)), told, "delivered");
        Assert.Empty(Visitor.ActionsOf(list).Concat(Visitor.ActionsOf(page)));
        Assert.DoesNotContain("/webhooks/new", list.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.OpenAsync("/webhooks/new")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.SendAsync("/webhooks", ("url", receiver.Url))).Status);
        foreach (var act in new[] { "edit", "enable", "disable", "test", "rotate-secret", "delete", $"deliveries/{told}/replay" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await viewer.SendAsync($"/webhooks/{id}/{act}")).Status);
        }

        Assert.True((await world.Gateway.WebhookAsync(id)).GetProperty("enabled").GetBoolean());
        Assert.Single(receiver.Hooks);
    }

    private static void AssertHolds(string row, params string[] parts) => Assert.All(parts, part => Assert.Contains(part, row, StringComparison.Ordinal));

    private static IReadOnlyList<string> Rows(PageSeen page) => [.. Row().Matches(page.Html).Select(row => row.Value)];

    [GeneratedRegex("<tr>\\s*<td data-label=\"Event\">.*?</tr>", RegexOptions.Singleline)]
    private static partial Regex Row();

    [GeneratedRegex("evt_[0-9a-f]+")]
    private static partial Regex Event();

    [GeneratedRegex("rel=\"next\" href=\"([^\"]*)\"")]
    private static partial Regex Next();
}
