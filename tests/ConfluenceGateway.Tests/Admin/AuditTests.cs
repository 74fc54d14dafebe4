using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>Who did what is in the audit trail, whatever came of it, and nothing secret is.</summary>
public sealed class AuditTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task What_operators_do_what_comes_of_it_and_who_consents_is_told(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.ConnectAsync("demo");
        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
        using var refused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        using var unknown = await world.Gateway.Operator.DeleteAsync("/api/v1/connections/nobody");

        await Eventually.TrueAsync(async () => (await EntriesAsync(world)).Any(entry => Text(entry, "action") == "connection.paused"), "the pause is told");
        var entries = await EntriesAsync(world);

        Assert.Contains(entries, entry => Text(entry, "action") == "connection.edit" && Text(entry, "outcome") == "done" && Text(entry, "subject") == "demo");
        Assert.Contains(entries, entry => Text(entry, "action") == "connection.link");
        Assert.Contains(entries, entry => Text(entry, "action") == "connection.connected" && Text(entry, "actor") == "gateway");
        Assert.Contains(entries, entry => Text(entry, "action") == "connection.pause" && Text(entry, "outcome") == "done");
        Assert.Contains(entries, entry => Text(entry, "action") == "connection.refresh" && Text(entry, "outcome") == "not-refreshable");
        Assert.Contains(entries, entry => Text(entry, "action") == "connection.delete" && Text(entry, "outcome") == "unknown-connection" && Text(entry, "subject") == "nobody");
        var consent = Assert.Single(entries, entry => Text(entry, "action") == "connection.consent");
        Assert.Equal((await world.Gateway.ShowAsync("demo")).GetProperty("accountId").GetString(), Text(consent, "actor"));
        Assert.Equal("operator", consent.GetProperty("data").GetProperty("link").GetString());
    }

    [Fact]
    public async Task The_export_is_the_whole_trail_a_line_each_and_holds_no_secret()
    {
        await using var world = await World.ConnectedAsync(stores);
        using var imported = await world.Gateway.Operator.PostAsJsonAsync("/api/v1/connections/demo/import", new { refreshToken = "eyJ-planted-refresh-token" });

        using var answer = await world.Gateway.Operator.GetAsync("/api/v1/audit/export?action=connection.");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType?.MediaType);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.StartsWith("connection.", JsonDocument.Parse(line).RootElement.GetProperty("action").GetString(), StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("connection.import", StringComparison.Ordinal));
        Assert.DoesNotContain("planted", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ticket", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_in_and_who_tries_to_is_told()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var browser = new Browser();

        await browser.SignInAsync(world.Gateway, "a key that is wrong");
        await browser.SignInAsync(world.Gateway);

        var sessions = (await EntriesAsync(world)).Where(entry => Text(entry, "action") == "session.begin").ToList();
        Assert.Equal([("admin key", "done"), ("unknown", "admin-unauthorized")], sessions.Select(entry => (Text(entry, "actor"), Text(entry, "outcome"))));
        Assert.All(sessions, entry => Assert.Equal("127.0.0.1", Text(entry, "address")));
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("until=12", "until")]
    [InlineData("cursor=aud_1", "cursor")]
    [InlineData("limit=1000", "limit")]
    public async Task A_question_that_is_none_is_refused_by_the_name_of_the_field(string query, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/audit?{query}");

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Nothing_changes_the_trail(string method)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1/audit");

        using var answer = await world.Gateway.Operator.SendAsync(request);

        await answer.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    private static string? Text(JsonElement entry, string member) => entry.TryGetProperty(member, out var value) ? value.GetString() : null;

    private static async Task<IReadOnlyList<JsonElement>> EntriesAsync(World world) =>
        [.. (await world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/audit?limit=200")).GetProperty("items").EnumerateArray()];
}
