using System.Globalization;
using System.Text.Json;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of webhook endpoints.</summary>
internal static class WebhookEndpoints
{
    /// <summary>Maps <c>/webhooks</c> and what is below it.</summary>
    public static void MapWebhooks(this IEndpointRouteBuilder api)
    {
        var webhooks = api.MapGroup("/webhooks").WithTags("Webhooks");
        webhooks.MapPost("", CreateAsync).Audited("webhook.create").Takes<EndpointEdit>().Produces<WebhookEndpoint>(StatusCodes.Status201Created)
            .Describe("Makes an endpoint that events are sent to; the answer is the one time that its secret is shown.", [400, 409, 413]);
        webhooks.MapGet("", ListAsync).Describe<EndpointList>("Lists endpoints; never a secret.", []);
        webhooks.MapGet("/{id}", GetAsync).Describe<WebhookEndpoint>("Shows an endpoint; never its secret.", [404]);
        webhooks.MapPut("/{id}", PutAsync).Audited("webhook.change").Takes<EndpointEdit>().Describe<WebhookEndpoint>("Changes what is given of an endpoint.", [400, 404, 409, 413]);
        webhooks.MapDelete("/{id}", DeleteAsync).Audited("webhook.delete").Produces(StatusCodes.Status204NoContent).Describe("Deletes an endpoint with its deliveries.", [404, 409]);
        webhooks.MapPost("/{id}/rotate-secret", RotateSecretAsync).Audited("webhook.rotate-secret")
            .Describe<WebhookEndpoint>("Makes a new secret, which is shown once; the last one signs beside it for a day.", [404, 409]);
        webhooks.MapPost("/{id}/test", TestAsync).Audited("webhook.test").Produces<TestEvent>(StatusCodes.Status202Accepted).Describe("Sends it an event to try.", [404, 409]);
        webhooks.MapGet("/{id}/deliveries", ListDeliveriesAsync).Describe<DeliveryPage>("What was sent to it, the newest first.", [400, 404]);
        webhooks.MapPost("/{id}/deliveries/{eventId}/replay", ReplayAsync).Audited("webhook.replay").Produces<DeliveryView>(StatusCodes.Status202Accepted)
            .Describe("Sends an event once more.", [404, 409]);
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, WebhookEndpointStore store, IOptionsMonitor<WebhookOptions> options)
    {
        var (edit, problem) = await ReadEditAsync(request, options);
        if (edit is null)
        {
            return problem!;
        }

        return edit.Url is null ? AdminProblems.InvalidField("url", "is required: where events are sent.")
            : await store.CreateAsync(edit) is not var (id, secret) ? AdminProblems.TooManyWebhooks()
            : await store.ReadAsync(id) is { } endpoint ? WithSecret(endpoint, secret, StatusCodes.Status201Created)
            : AdminProblems.UnknownWebhook(id);
    }

    private static async Task<IResult> ListAsync(WebhookEndpointStore store) => Results.Json(new EndpointList(await store.ListAsync()), JsonBody.Options);

    private static async Task<IResult> GetAsync(string id, WebhookEndpointStore store) =>
        await store.ReadAsync(id) is { } endpoint ? Results.Json(endpoint, JsonBody.Options) : AdminProblems.UnknownWebhook(id);

    private static async Task<IResult> PutAsync(HttpRequest request, string id, WebhookEndpointStore store, IOptionsMonitor<WebhookOptions> options)
    {
        var (edit, problem) = await ReadEditAsync(request, options);
        if (edit is null)
        {
            return problem!;
        }

        return edit.Url is not null && id == WebhookEndpoint.ConfiguredId ? AdminProblems.ConfiguredWebhook("Change Webhooks:Url to send its events elsewhere.")
            : await store.ReadAsync(id) is not null && await store.ChangeAsync(id, edit) ? await GetAsync(id, store)
            : AdminProblems.UnknownWebhook(id);
    }

    private static async Task<IResult> DeleteAsync(string id, WebhookEndpointStore store) =>
        id == WebhookEndpoint.ConfiguredId ? AdminProblems.ConfiguredWebhook("Empty Webhooks:Url to remove it, or disable it.")
        : await store.ReadAsync(id) is not null && await store.DeleteAsync(id) ? Results.NoContent()
        : AdminProblems.UnknownWebhook(id);

    private static async Task<IResult> RotateSecretAsync(string id, WebhookEndpointStore store) =>
        id == WebhookEndpoint.ConfiguredId ? AdminProblems.ConfiguredWebhook("Change Webhooks:Secret, or what Webhooks:SecretFile holds.")
        : await store.ReadAsync(id) is not null && await store.RotateSecretAsync(id) is { } secret && await store.ReadAsync(id) is { } endpoint
            ? WithSecret(endpoint, secret, StatusCodes.Status200OK)
        : AdminProblems.UnknownWebhook(id);

    private static async Task<IResult> TestAsync(string id, WebhookEndpointStore store, WebhookQueue queue) =>
        await store.ReadAsync(id) is null ? AdminProblems.UnknownWebhook(id)
        : await queue.TestAsync(id) is { } eventId ? Results.Json(new TestEvent(eventId), JsonBody.Options, statusCode: StatusCodes.Status202Accepted)
        : AdminProblems.DisabledWebhook(id);

    private static async Task<IResult> ListDeliveriesAsync(string id, string? cursor, string? limit, WebhookEndpointStore store, DeliveryQueue queue)
    {
        if (!PageSize.TryParse(limit, out var most))
        {
            return PageSize.Invalid();
        }

        long before = 0;
        if (cursor is { Length: > 0 } && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return AdminProblems.InvalidField("cursor", "must be the nextCursor of the page before.");
        }

        if (await store.ReadAsync(id) is null)
        {
            return AdminProblems.UnknownWebhook(id);
        }

        var deliveries = await queue.ListAsync(id, before > 0 ? before : null, most);
        return Results.Json(
            new DeliveryPage([.. deliveries.Select(View)], deliveries.Count == most ? deliveries[^1].Place.Number : null), JsonBody.Options);
    }

    private static async Task<IResult> ReplayAsync(string id, string eventId, WebhookEndpointStore store, DeliveryQueue queue) =>
        await store.ReadAsync(id) is not { } endpoint ? AdminProblems.UnknownWebhook(id)
        : !endpoint.Enabled ? AdminProblems.DisabledWebhook(id)
        : await queue.ReplayAsync(id, eventId) is { } replayed ? Results.Json(View(replayed), JsonBody.Options, statusCode: StatusCodes.Status202Accepted)
        : AdminProblems.UnknownDelivery(id);

    private static async Task<(EndpointEdit? Edit, Problem? Problem)> ReadEditAsync(HttpRequest request, IOptionsMonitor<WebhookOptions> options)
    {
        var (edit, problem) = await JsonBody.ReadAsync<EndpointEdit>(request);
        return edit?.Refusal(options.CurrentValue.AllowPrivateNetworks) is { } refusal
            ? (null, AdminProblems.InvalidField(refusal.Field, refusal.Remedy))
            : (edit, problem);
    }

    // The only answers that hold a secret, each a new one.
    private static IResult WithSecret(WebhookEndpoint endpoint, WebhookSecret secret, int status)
    {
        var view = JsonSerializer.SerializeToNode(endpoint, JsonBody.Options)!;
        view["secret"] = secret.Reveal();
        return Results.Json(view, JsonBody.Options, statusCode: status);
    }

    private static DeliveryView View(LoggedDelivery logged) => new(
        logged.Place.EventId, logged.Place.Subject, logged.Delivery.Type, logged.Delivery.At, logged.Delivery.Status, logged.Delivery.Attempts,
        logged.Delivery.LastAttemptAt, logged.Delivery.DurationMs, logged.Delivery.Answer, logged.Delivery.NextAttemptAt);

    private sealed record EndpointList(IReadOnlyList<WebhookEndpoint> Items);

    private sealed record TestEvent(string EventId);

    private sealed record DeliveryPage(IReadOnlyList<DeliveryView> Items, string? NextCursor);

    private sealed record DeliveryView(
        string EventId, string Subject, string Type, DateTimeOffset At, DeliveryStatus Status, int Attempts,
        DateTimeOffset? LastAttemptAt, long? DurationMs, string? Answer, DateTimeOffset? NextAttemptAt);
}
