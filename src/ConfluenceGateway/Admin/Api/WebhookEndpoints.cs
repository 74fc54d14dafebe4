using System.Text.Json;
using ConfluenceGateway.Webhooks;

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

    private static async Task<IResult> CreateAsync(HttpContext context, WebhookActions actions)
    {
        var (edit, invalid) = await JsonBody.ReadAsync<EndpointEdit>(context.Request);
        if (edit is null)
        {
            return invalid!;
        }

        var (made, problem) = await actions.CreateAsync(edit);
        if (made is null)
        {
            return problem!;
        }

        context.IsAbout(made.Endpoint.Id);
        return WithSecret(made, StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(WebhookEndpointStore store) => Results.Json(new EndpointList(await store.ListAsync()), JsonBody.Options);

    private static async Task<IResult> GetAsync(string id, WebhookEndpointStore store) =>
        await store.ReadAsync(id) is { } endpoint ? Results.Json(endpoint, JsonBody.Options) : AdminProblems.UnknownWebhook(id);

    private static async Task<IResult> PutAsync(HttpRequest request, string id, WebhookActions actions)
    {
        var (edit, invalid) = await JsonBody.ReadAsync<EndpointEdit>(request);
        if (edit is null)
        {
            return invalid!;
        }

        var (endpoint, problem) = await actions.ChangeAsync(id, edit);
        return problem ?? Results.Json(endpoint, JsonBody.Options);
    }

    private static async Task<IResult> DeleteAsync(string id, WebhookActions actions) => await actions.DeleteAsync(id) ?? Results.NoContent();

    private static async Task<IResult> RotateSecretAsync(string id, WebhookActions actions)
    {
        var (made, problem) = await actions.RotateSecretAsync(id);
        return problem ?? WithSecret(made!, StatusCodes.Status200OK);
    }

    private static async Task<IResult> TestAsync(string id, WebhookActions actions)
    {
        var (eventId, problem) = await actions.TestAsync(id);
        return problem ?? Results.Json(new TestEvent(eventId!), JsonBody.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> ListDeliveriesAsync(string id, string? cursor, string? limit, WebhookActions actions)
    {
        if (!PageSize.TryParse(limit, out var most))
        {
            return PageSize.Invalid();
        }

        var (page, problem) = await actions.DeliveriesAsync(id, cursor, most);
        return problem ?? Results.Json(new DeliveryPage([.. page!.Items.Select(View)], page.NextCursor), JsonBody.Options);
    }

    private static async Task<IResult> ReplayAsync(string id, string eventId, WebhookActions actions)
    {
        var (replayed, problem) = await actions.ReplayAsync(id, eventId);
        return problem ?? Results.Json(View(replayed!), JsonBody.Options, statusCode: StatusCodes.Status202Accepted);
    }

    // The only answers that hold a secret, each a new one.
    private static IResult WithSecret(EndpointSecret made, int status)
    {
        var view = JsonSerializer.SerializeToNode(made.Endpoint, JsonBody.Options)!;
        view["secret"] = made.Secret.Reveal();
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
