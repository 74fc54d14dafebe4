using System.Net;
using System.Net.Http.Json;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>Webhook endpoints as operators manage them.</summary>
public sealed class WebhookApiTests(Stores stores)
{
    private static readonly string[] Expiring = [ConnectionEvents.Expiring];

    [Theory, EveryStore]
    public async Task An_endpoint_is_made_shown_changed_and_deleted(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var api = world.Gateway.Operator;
        using var created = await api.PostAsJsonAsync("/api/v1/webhooks", new { url = "https://example.com/hooks", description = "Operations", events = Expiring });
        var made = await created.ReadAsync(HttpStatusCode.Created);
        var id = made.GetProperty("id").GetString()!;
        Assert.True(WebhookSecret.TryParse(made.GetProperty("secret").GetString()!, out _));

        var shown = await world.Gateway.WebhookAsync(id);
        Assert.Equal(["id", "url", "description", "events", "enabled", "createdAt"], shown.EnumerateObject().Select(member => member.Name));
        Assert.Equal(id, (await api.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/v1/webhooks")).GetProperty("items")[0].GetProperty("id").GetString());

        using var changed = await api.PutAsJsonAsync($"/api/v1/webhooks/{id}", new { events = Array.Empty<string>(), enabled = false });
        var now = await changed.ReadAsync(HttpStatusCode.OK);
        Assert.Equal(("https://example.com/hooks", "Operations", 0, false), (
            now.GetProperty("url").GetString(), now.GetProperty("description").GetString(), now.GetProperty("events").GetArrayLength(), now.GetProperty("enabled").GetBoolean()));

        using var deleted = await api.DeleteAsync($"/api/v1/webhooks/{id}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        foreach (var call in new[] { ("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/rotate-secret"), ("POST", "/test"), ("GET", "/deliveries"), ("POST", "/deliveries/evt_1/replay") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(call.Item1), $"/api/v1/webhooks/{id}{call.Item2}") { Content = JsonContent.Create(new { }) };
            using var gone = await api.SendAsync(request);
            await gone.ProblemAsync(HttpStatusCode.NotFound, "unknown-webhook");
        }
    }

    [Theory]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":"http://example.com/"}""", "url")]
    [InlineData("""{"url":"https://10.0.0.1/"}""", "url")]
    [InlineData("""{"url":"https://user:word@example.com/"}""", "url")]
    [InlineData("""{"url":"https://example.com/","events":["connection.exploded"]}""", "events")]
    [InlineData("""{"url":"https://example.com/","events":[null]}""", "events")]
    [InlineData("""{"url":"https://example.com/","secret":"mine"}""", "secret")]
    [InlineData("""{"url":"https://example.com/","enabled":"yes"}""", "enabled")]
    public async Task What_is_not_valid_is_refused_by_the_name_of_the_field(string body, string field)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.PostAsync("/api/v1/webhooks", new StringContent(body));

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
        Assert.Equal(0, (await world.Gateway.Operator.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/v1/webhooks")).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("configured")]
    [InlineData("wh_1")]
    [InlineData("demo")]
    [InlineData("%7Bdemo%7D:endpoint")]
    public async Task What_is_no_endpoint_is_not_found(string id)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/webhooks/{id}");

        await answer.ProblemAsync(HttpStatusCode.NotFound, "unknown-webhook");
    }

    [Fact]
    public async Task There_can_be_a_hundred()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        var endpoints = world.Gateway.Services.GetRequiredService<WebhookEndpointStore>();
        for (var made = 0; made < WebhookEndpointStore.Most; made++)
        {
            Assert.NotNull(await endpoints.CreateAsync(new EndpointEdit("https://example.com/", null, null, null)));
        }

        using var answer = await world.Gateway.Operator.PostAsJsonAsync("/api/v1/webhooks", new { url = "https://example.com/" });

        await answer.ProblemAsync(HttpStatusCode.Conflict, "too-many-webhooks");
    }

    [Theory, EveryStore]
    public async Task Deliveries_are_listed_newest_first_in_pages_and_replayed(StoreKind store)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local);
        var (endpoint, _) = await world.Gateway.AddWebhookAsync(receiver);
        var told = new List<string>();
        for (var round = 0; round < 5; round++)
        {
            told.Add(await world.Gateway.TellAsync());
        }

        await Eventually.TrueAsync(async () => await world.CountedAsync("connection.paused", "delivered") == 5, "all are delivered");
        var (listed, cursor) = (new List<string>(), "");
        do
        {
            using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/webhooks/{endpoint}/deliveries?limit=2&cursor={cursor}");
            var page = await answer.ReadAsync(HttpStatusCode.OK);
            listed.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("eventId").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out var next) ? next.GetString()! : "";
        }
        while (cursor.Length > 0);
        Assert.Equal(told.AsEnumerable().Reverse(), listed);

        using var replayed = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/deliveries/{told[1]}/replay", null);
        Assert.Equal("waiting", (await replayed.ReadAsync(HttpStatusCode.Accepted)).GetProperty("status").GetString());
        await Eventually.TrueAsync(() => receiver.Processed.Count() == 6, "it is sent again");
        Assert.Equal(told[1], receiver.Hooks[^1].Id);
        Assert.Equal(receiver.Hooks[1].Body, receiver.Hooks[^1].Body);
        using var unknown = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/deliveries/evt_0/replay", null);
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "unknown-delivery");
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("cursor=-1", "cursor")]
    [InlineData("cursor=next", "cursor")]
    public async Task A_bad_question_about_deliveries_is_refused(string query, string field)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local);
        var (endpoint, _) = await world.Gateway.AddWebhookAsync(receiver);

        using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/webhooks/{endpoint}/deliveries?{query}");

        Assert.Equal(field, (await answer.ProblemAsync(HttpStatusCode.BadRequest, "invalid-request")).GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_test_event_is_sent_whatever_the_endpoint_asked_for_and_other_events_are_not()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local);
        var (endpoint, secret) = await world.Gateway.AddWebhookAsync(receiver, ConnectionEvents.Expiring);
        await world.Gateway.TellAsync("demo", ConnectionEvents.Paused);

        using var answer = await world.Gateway.Operator.PostAsync($"/api/v1/webhooks/{endpoint}/test", null);
        var id = (await answer.ReadAsync(HttpStatusCode.Accepted)).GetProperty("eventId").GetString();
        var wanted = await world.Gateway.TellAsync("demo", ConnectionEvents.Expiring);

        await Eventually.TrueAsync(() => receiver.Processed.Count() == 2, "both arrive");
        Assert.Equal(new[] { id, wanted }.Order(), receiver.Processed.Order());
        var test = receiver.Hooks.Single(hook => hook.Id == id);
        Assert.True(test.IsSignedWith(secret));
        Assert.Contains("\"type\":\"gateway.test\"", test.Body, StringComparison.Ordinal);
        Assert.EndsWith("\"data\":{}}", test.Body, StringComparison.Ordinal);
    }
}
