using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>Operators make, find and revoke caller keys on pages.</summary>
public sealed partial class CallerKeyPageTests(Stores stores)
{
    private const string Api = "/api/v1/caller-keys";

    [Theory, EveryStore]
    public async Task A_key_that_a_page_made_is_good_for_its_app_and_shown_once(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        using var visitor = await Visitor.SignInAsync(world.Gateway);

        var made = await visitor.SendAsync("/caller-keys", ("name", "Nightly <export>"), ("connections", "demo"), ("access", "read"), ("expiresAt", ""));

        Assert.Equal((HttpStatusCode.Created, "The key of Nightly <export>"), (made.Status, made.Heading));
        var key = Assert.Single(Key().Matches(made.Html)).Value;
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(key, "/confluence/demo/wiki/rest/api/space"));
        Assert.True(made.Headers.CacheControl?.NoStore);
        Assert.DoesNotContain("data-live", made.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("<export>", made.Html, StringComparison.Ordinal);
        foreach (var way in new[] { "curl -u \"any:$KEY\"", "-H \"Authorization: Bearer $KEY\"", "-H \"X-Gateway-Key: $KEY\"", "/confluence/demo/wiki/" })
        {
            Assert.Contains(way, WebUtility.HtmlDecode(made.Html), StringComparison.Ordinal);
        }

        Assert.Contains("<a class=\"button primary\" href=\"/caller-keys\">", made.Html, StringComparison.Ordinal);
        Assert.All(visitor.Browser.Visited, url => Assert.DoesNotContain("cgwk_", url.ToString(), StringComparison.Ordinal));
        var shown = Assert.Single((await world.Gateway.Operator.GetFromJsonAsync<JsonElement>(Api)).GetProperty("items").EnumerateArray());
        Assert.Equal(("Nightly <export>", "read", "admin key"), (shown.GetProperty("name").GetString(), shown.GetProperty("access").GetString(), shown.GetProperty("createdBy").GetString()));
        var later = (await visitor.OpenAsync("/caller-keys")).Html + (await visitor.OpenAsync("/connections/demo")).Html + (await visitor.OpenAsync("/audit")).Html
            + await world.Gateway.Operator.GetStringAsync(Api) + await world.Gateway.Operator.GetStringAsync($"{Api}/{shown.GetProperty("id").GetString()}");
        Assert.Contains("Nightly &lt;export&gt;", later, StringComparison.Ordinal);
        Assert.DoesNotContain(key[5..], later, StringComparison.Ordinal);
        Assert.Equal([(shown.GetProperty("id").GetString(), "done")], await visitor.AuditedAsync("caller-key.create"));
    }

    [Theory]
    [InlineData("name", "name", " ")]
    [InlineData("access", "access", "admin")]
    [InlineData("connections", "connections", "")]
    [InlineData("connections", "connections", "demo, nobody")]
    [InlineData("connections", "connections", "Demo")]
    [InlineData("connections", "all", "yes")]
    [InlineData("expiresAt", "expiresAt", "2020-01-01")]
    [InlineData("expiresAt", "expiresAt", "31.5.2099")]
    public async Task What_cannot_be_taken_is_named_and_what_was_typed_stays(string fault, string field, string value)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        var typed = new Dictionary<string, string> { ["name"] = "Sales \"new\"", ["connections"] = "demo", ["access"] = "write", ["expiresAt"] = "2099-05-31", [field] = value };

        var page = await visitor.SendAsync("/caller-keys", [.. typed.Select(one => (one.Key, one.Value))]);

        Assert.Equal((HttpStatusCode.BadRequest, "New caller key"), (page.Status, page.Heading));
        Assert.Contains($"<p>A field is not valid. {fault}: ", page.Html, StringComparison.Ordinal);
        Assert.Matches($"<(input|select|textarea) id=\"{fault}\"[^>]* aria-invalid=\"true\"", page.Html);
        Assert.Single(Regex.Matches(page.Html, "aria-invalid=\"true\""));
        Assert.Matches($"<input id=\"name\"[^>]* value=\"{Regex.Escape(typed["name"].Replace("\"", "&quot;", StringComparison.Ordinal))}\"", page.Html);
        Assert.Contains($">{typed["connections"]}</textarea>", page.Html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{typed["expiresAt"]}\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(typed["access"] == "write", page.Html.Contains("<option value=\"write\" selected", StringComparison.Ordinal));
        Assert.Equal(field == "all", Regex.IsMatch(page.Html, "name=\"all\" value=\"yes\" checked"));
        Assert.Empty((await world.Gateway.Operator.GetFromJsonAsync<JsonElement>(Api)).GetProperty("items").EnumerateArray());
        Assert.Equal([(null, "invalid-request")], await visitor.AuditedAsync("caller-key.create"));
    }

    [Theory]
    [InlineData("a, b\r\nc;d e\ta", null, "a b c d e")]
    [InlineData("", "yes", "*")]
    public async Task Connections_are_named_in_any_list_or_all_at_once(string connections, string? all, string expected)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        foreach (var id in new[] { "a", "b", "c", "d", "e" })
        {
            await world.Gateway.CreateAsync(id);
        }

        using var visitor = await Visitor.SignInAsync(world.Gateway);
        (string, string)[] fields = [("name", "app"), ("connections", connections), ("access", "write"), ("expiresAt", "2099-05-31"), .. all is null ? [] : new[] { ("all", all) }];

        Assert.Equal(HttpStatusCode.Created, (await visitor.SendAsync("/caller-keys", fields)).Status);

        var made = Assert.Single((await world.Gateway.Operator.GetFromJsonAsync<JsonElement>(Api)).GetProperty("items").EnumerateArray());
        Assert.Equal(expected, string.Join(' ', made.GetProperty("connections").EnumerateArray().Select(id => id.GetString())));
        Assert.Equal(new DateTimeOffset(2099, 5, 31, 0, 0, 0, TimeSpan.Zero), made.GetProperty("expiresAt").GetDateTimeOffset());
    }

    [Theory, EveryStore]
    public async Task A_key_that_a_page_revoked_is_refused_from_then_on(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, CallerKeyCalls.Setting);
        await world.Gateway.ConnectAsync("demo");
        var key = await world.Gateway.MakeKeyAsync(["demo"], name: "legacy app");
        Assert.Equal(HttpStatusCode.OK, await world.Gateway.StatusAsync(key.Key, "/confluence/demo/wiki/rest/api/space"));
        using var visitor = await Visitor.SignInAsync(world.Gateway);
        var revoke = $"/caller-keys/{key.Id}/revoke?connection=demo";
        Assert.Equal([revoke], Visitor.ActionsOf(await visitor.OpenAsync("/caller-keys?connection=demo")));

        var revoked = await visitor.SendAsync(revoke);

        Assert.Equal(("/caller-keys", HttpStatusCode.OK), (revoked.Url.AbsolutePath, revoked.Status));
        Assert.StartsWith("?connection=demo&", revoked.Url.Query, StringComparison.Ordinal);
        Assert.Contains("Revoked: the key is refused", revoked.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Id, revoked.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, await world.Gateway.StatusAsync(key.Key, "/confluence/demo/wiki/rest/api/space"));
        Assert.Contains("There is no such key.", (await visitor.SendAsync(revoke)).Html, StringComparison.Ordinal);
        Assert.Equal([(key.Id, "done"), (key.Id, "unknown-caller-key")], await visitor.AuditedAsync("caller-key.revoke"));
    }

    [GeneratedRegex("cgwk_[A-Za-z0-9_-]{43}")]
    private static partial Regex Key();
}
