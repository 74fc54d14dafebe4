using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>What tests do with webhooks.</summary>
internal static class WebhookCalls
{
    /// <summary>The setting by which receivers of tests can be reached.</summary>
    public const string Local = "--Webhooks:AllowPrivateNetworks=true";

    /// <summary>Makes an endpoint that leads to <paramref name="receiver"/>.</summary>
    public static async Task<(string Id, string Secret)> AddWebhookAsync(this TestGateway gateway, Receiver receiver, params string[] events)
    {
        using var answer = await gateway.Operator.PostAsJsonAsync("/api/v1/webhooks", new { url = receiver.Url, events });
        var made = await answer.ReadAsync(HttpStatusCode.Created);
        return (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    /// <summary>Has an event told, as the outbox does.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> TellAsync(this TestGateway gateway, string subject = "demo", string type = ConnectionEvents.Paused, JsonObject? data = null)
    {
        var told = Event(gateway.Services.GetRequiredService<TimeProvider>().GetUtcNow(), type, data);
        await gateway.TellAsync(subject, told);
        return told.Id;
    }

    public static Task TellAsync(this TestGateway gateway, string subject, ConnectionEvent told) =>
        gateway.Services.GetServices<IEventConsumer>().OfType<WebhookQueue>().Single().ConsumeAsync(subject, told);

    public static ConnectionEvent Event(DateTimeOffset at, string type = ConnectionEvents.Paused, JsonObject? data = null) =>
        new($"evt_{Guid.CreateVersion7(at):N}", type, at, "replica", data);

    /// <summary>Has all gateways deliver what is due, as they do by themselves when it is.</summary>
    public static async Task DeliverAsync(this World world)
    {
        var endpoints = await world.Gateway.Services.GetRequiredService<WebhookEndpointStore>().ListAsync();
        await Task.WhenAll(world.Gateways.SelectMany(gateway => endpoints.Select(
            endpoint => gateway.Services.GetRequiredService<WebhookSender>().DeliverDueAsync(endpoint.Id, CancellationToken.None))));
    }

    /// <summary>Moves the time, and has all gateways deliver what is due then.</summary>
    public static async Task DeliverAfterAsync(this World world, TimeSpan by)
    {
        await world.AdvanceAsync(by);
        await world.DeliverAsync();
    }

    public static async Task<JsonElement> WebhookAsync(this TestGateway gateway, string id)
    {
        using var answer = await gateway.Operator.GetAsync($"/api/v1/webhooks/{id}");
        return await answer.ReadAsync(HttpStatusCode.OK);
    }

    /// <summary>The deliveries of an endpoint, newest first.</summary>
    public static async Task<IReadOnlyList<JsonElement>> DeliveriesAsync(this TestGateway gateway, string id)
    {
        using var answer = await gateway.Operator.GetAsync($"/api/v1/webhooks/{id}/deliveries?limit=200");
        return [.. (await answer.ReadAsync(HttpStatusCode.OK)).GetProperty("items").EnumerateArray()];
    }

    /// <summary>The newest delivery once an attempt at it was noted that ended with <paramref name="answer"/>.</summary>
    public static async Task<JsonElement> NewestAsync(this TestGateway gateway, string id, string answer, int attempts = 1)
    {
        JsonElement newest = default;
        await Eventually.TrueAsync(async () =>
        {
            newest = (await gateway.DeliveriesAsync(id))[0];
            return newest.GetProperty("attempts").GetInt32() == attempts && newest.GetProperty("answer").GetString() == answer;
        }, $"attempt {attempts} is answered with {answer}");
        return newest;
    }

    /// <summary>How often all gateways counted this.</summary>
    public static async Task<double> CountedAsync(this World world, string type, string outcome)
    {
        var counts = await Task.WhenAll(world.Gateways.Select(
            gateway => gateway.MetricAsync($"confluence_gateway_webhook_deliveries_total{{event=\"{type}\",outcome=\"{outcome}\"}}")));
        return counts.Sum();
    }

    public static async Task<JsonElement> ReadAsync(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(status == answer.StatusCode, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
