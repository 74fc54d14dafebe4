using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Webhooks;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>Operators make, change and delete webhook endpoints on pages.</summary>
public sealed partial class WebhookPageTests(Stores stores)
{
    private const string Api = "/api/v1/webhooks";

    [Theory, EveryStore]
    public async Task A_secret_that_a_page_made_signs_and_is_shown_once(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        using var visitor = await Visitor.SignInAsync(world.Gateway);

        var made = await visitor.SendAsync("/webhooks", ("url", receiver.Url), ("description", "Operations"), ("events", "connection.expiring"), ("events", "connection.deleted"));

        Assert.Equal((HttpStatusCode.Created, "The secret of Operations"), (made.Status, made.Heading));
        Assert.True(made.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain("data-live", made.Html, StringComparison.Ordinal);
        var secret = SecretOf(made);
        var id = Assert.Single((await world.Gateway.Operator.GetFromJsonAsync<JsonElement>(Api)).GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!;
        Assert.Contains($"href=\"/webhooks/{id}\"", made.Html, StringComparison.Ordinal);
        Assert.Equal(["connection.expiring", "connection.deleted"], (await world.Gateway.WebhookAsync(id)).GetProperty("events").EnumerateArray().Select(type => type.GetString()));
        var tested = await visitor.SendAsync($"/webhooks/{id}/test");
        await Eventually.TrueAsync(() => receiver.Hooks.Count == 1, "the test arrives");
        Assert.True(receiver.Hooks[0].IsSignedWith(secret));
        Assert.Contains($"The test {receiver.Hooks[0].Id} is on its way.", tested.Html, StringComparison.Ordinal);

        var rotated = await visitor.SendAsync($"/webhooks/{id}/rotate-secret");
        var next = SecretOf(rotated);
        Assert.Contains("signs too, and ends", rotated.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("data-live", rotated.Html, StringComparison.Ordinal);
        await visitor.SendAsync($"/webhooks/{id}/test");
        await Eventually.TrueAsync(() => receiver.Hooks.Count == 2, "the next test arrives");
        Assert.True(receiver.Hooks[1].IsSignedWith(secret) && receiver.Hooks[1].IsSignedWith(next));

        var later = (await visitor.OpenAsync("/webhooks")).Html + (await visitor.OpenAsync($"/webhooks/{id}")).Html + (await visitor.OpenAsync("/audit")).Html
            + await world.Gateway.Operator.GetStringAsync(Api) + await world.Gateway.Operator.GetStringAsync($"{Api}/{id}");
        Assert.Contains("Operations", later, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", later, StringComparison.Ordinal);
        Assert.All(visitor.Browser.Visited, url => Assert.DoesNotContain("whsec_", url.ToString(), StringComparison.Ordinal));
        Assert.Equal([(id, "done")], await visitor.AuditedAsync("webhook.create"));
        Assert.Equal([(id, "done")], await visitor.AuditedAsync("webhook.rotate-secret"));
        Assert.Equal([(id, "done"), (id, "done")], await visitor.AuditedAsync("webhook.test"));
    }

    [Theory]
    [InlineData("url", "")]
    [InlineData("url", "http://example.com/hooks")]
    [InlineData("url", "https://10.0.0.1/hooks")]
    [InlineData("description", "LONG")]
    [InlineData("events", "connection.exploded")]
    public async Task What_cannot_be_taken_is_named_and_what_was_typed_stays(string field, string value)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        await visitor.SendAsync("/webhooks", ("url", "https://example.com/first"), ("description", "First"));
        var id = await OnlyAsync(world);
        var typed = new Dictionary<string, string> { ["url"] = "https://example.com/next", ["description"] = "Next \"one\"", [field] = value.Replace("LONG", new string('x', 201), StringComparison.Ordinal) };
        (string, string)[] fields = [.. typed.Select(one => (one.Key, one.Value)), ("events", "connection.paused")];

        foreach (var (path, heading) in new[] { ("/webhooks", "New webhook endpoint"), ($"/webhooks/{id}/edit", "First") })
        {
            var page = await visitor.SendAsync(path, fields);

            Assert.Equal((HttpStatusCode.BadRequest, heading), (page.Status, page.Heading));
            Assert.Contains($"<p>A field is not valid. {field}: ", page.Html, StringComparison.Ordinal);
            Assert.Equal(field != "events", Regex.IsMatch(page.Html, $"<input id=\"{field}\"[^>]* aria-invalid=\"true\""));
            foreach (var name in new[] { "url", "description" })
            {
                Assert.Matches($"<input id=\"{name}\"[^>]* value=\"{Regex.Escape(typed[name].Replace("\"", "&quot;", StringComparison.Ordinal))}\"", page.Html);
            }

            Assert.Equal(["connection.paused"], Checked().Matches(page.Html).Select(box => box.Groups[1].Value));
        }

        Assert.Equal("https://example.com/first", (await world.Gateway.WebhookAsync(await OnlyAsync(world))).GetProperty("url").GetString());
        Assert.Equal([(id, "done"), (null, "invalid-request")], await visitor.AuditedAsync("webhook.create"));
        Assert.Equal([(id, "invalid-request")], await visitor.AuditedAsync("webhook.change"));
    }

    [Fact]
    public async Task An_endpoint_is_changed_disabled_enabled_and_deleted()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        await visitor.SendAsync("/webhooks", ("url", "https://example.com/first"), ("description", "First"), ("events", "connection.paused"));
        var id = await OnlyAsync(world);
        var page = $"/webhooks/{id}";
        Assert.Equal([$"{page}/test", $"{page}/disable", $"{page}/edit", $"{page}/rotate-secret", $"{page}/delete"], Visitor.ActionsOf(await visitor.OpenAsync(page)));

        var saved = await visitor.SendAsync($"{page}/edit", ("url", "https://example.com/next"), ("description", ""));
        Assert.Contains("<p>Saved.</p>", saved.Html, StringComparison.Ordinal);
        Assert.Equal("https://example.com/next", saved.Heading);
        Assert.Empty(Checked().Matches(saved.Html));
        var disabled = await visitor.SendAsync($"{page}/disable");
        Assert.Contains("<span class=\"badge warn\">disabled</span>", disabled.Html, StringComparison.Ordinal);
        Assert.DoesNotContain($"{page}/test", disabled.Html, StringComparison.Ordinal);
        Assert.Contains("The webhook endpoint is disabled.", (await visitor.SendAsync($"{page}/test")).Html, StringComparison.Ordinal);
        Assert.Contains("<span class=\"badge good\">enabled</span>", (await visitor.SendAsync($"{page}/enable")).Html, StringComparison.Ordinal);
        Assert.True((await world.Gateway.WebhookAsync(id)).GetProperty("enabled").GetBoolean());

        var deleted = await visitor.SendAsync($"{page}/delete");
        Assert.Equal("/webhooks", deleted.Url.AbsolutePath);
        Assert.Contains("There is no endpoint yet.", deleted.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.OpenAsync(page)).Status);
        foreach (var act in new[] { "edit", "enable", "disable", "test", "rotate-secret", "delete", "deliveries/evt_1/replay" })
        {
            Assert.Contains("There is no such endpoint.", (await visitor.SendAsync($"{page}/{act}", ("description", "late"))).Html, StringComparison.Ordinal);
        }

        Assert.Equal([(id, "done"), (id, "done"), (id, "done"), (id, "unknown-webhook"), (id, "unknown-webhook"), (id, "unknown-webhook")], await visitor.AuditedAsync("webhook.change"));
        Assert.Equal([(id, "webhook-disabled"), (id, "unknown-webhook")], await visitor.AuditedAsync("webhook.test"));
        Assert.Equal([(id, "done"), (id, "unknown-webhook")], await visitor.AuditedAsync("webhook.delete"));
    }

    [Fact]
    public async Task The_endpoint_of_the_settings_says_where_it_is_changed()
    {
        var secret = WebhookSecret.Random().Reveal();
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, "--Webhooks:Url=https://example.com/configured", $"--Webhooks:Secret={secret}");
        using var visitor = await Visitor.SignInAsync(world.Gateway);

        var page = await visitor.OpenAsync("/webhooks/configured");

        Assert.Contains("<code>Webhooks:Url</code> and <code>Webhooks:Secret</code>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"url\"", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[6..], page.Html, StringComparison.Ordinal);
        Assert.Equal(["/webhooks/configured/test", "/webhooks/configured/disable", "/webhooks/configured/edit"], Visitor.ActionsOf(page));
        foreach (var (act, remedy) in new[] { ("edit", "Change Webhooks:Url"), ("rotate-secret", "Change Webhooks:Secret"), ("delete", "Empty Webhooks:Url") })
        {
            Assert.Contains(remedy, (await visitor.SendAsync($"/webhooks/configured/{act}", ("url", "https://example.com/other"))).Html, StringComparison.Ordinal);
        }

        var saved = await visitor.SendAsync("/webhooks/configured/edit", ("description", "From the settings"), ("events", "connection.paused"));
        Assert.Equal("From the settings", saved.Heading);
        Assert.Equal("https://example.com/configured", (await world.Gateway.WebhookAsync("configured")).GetProperty("url").GetString());
    }

    private static async Task<string> OnlyAsync(World world) =>
        Assert.Single((await world.Gateway.Operator.GetFromJsonAsync<JsonElement>(Api)).GetProperty("items").EnumerateArray()).GetProperty("id").GetString()!;

    private static string SecretOf(PageSeen page) => Assert.Single(Secret().Matches(WebUtility.HtmlDecode(page.Html))).Value;

    [GeneratedRegex("whsec_[A-Za-z0-9+/]+=*")]
    private static partial Regex Secret();

    [GeneratedRegex("name=\"events\" value=\"([^\"]*)\" checked")]
    private static partial Regex Checked();
}
