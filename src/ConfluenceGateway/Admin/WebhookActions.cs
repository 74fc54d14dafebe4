using System.Globalization;
using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin;

/// <summary>What an operator does to webhook endpoints, by the API or on a page.</summary>
internal sealed class WebhookActions(WebhookEndpointStore store, WebhookQueue webhooks, DeliveryQueue deliveries, IOptionsMonitor<WebhookOptions> options)
{
    /// <summary>Makes an endpoint.</summary>
    /// <returns>The endpoint and its secret, which is not shown again; or what is wrong.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(EndpointSecret? Made, Problem? Problem)> CreateAsync(EndpointEdit edit) =>
        Invalid(edit) is { } invalid ? (null, invalid)
        : edit.Url is null ? (null, AdminProblems.InvalidField("url", "is required: where events are sent."))
        : await store.CreateAsync(edit) is not var (id, secret) ? (null, AdminProblems.TooManyWebhooks())
        : await WithAsync(id, secret);

    /// <summary>Changes what is given of an endpoint.</summary>
    /// <returns>The endpoint as it is now; or what is wrong.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(WebhookEndpoint? Endpoint, Problem? Problem)> ChangeAsync(string id, EndpointEdit edit) =>
        Invalid(edit) is { } invalid ? (null, invalid)
        : edit.Url is not null && id == WebhookEndpoint.ConfiguredId ? (null, AdminProblems.ConfiguredWebhook("Change Webhooks:Url to send its events elsewhere."))
        : await store.ReadAsync(id) is not null && await store.ChangeAsync(id, edit) && await store.ReadAsync(id) is { } endpoint ? (endpoint, null)
        : (null, AdminProblems.UnknownWebhook(id));

    /// <summary>Erases an endpoint with all that waits for it.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<Problem?> DeleteAsync(string id) =>
        id == WebhookEndpoint.ConfiguredId ? AdminProblems.ConfiguredWebhook("Empty Webhooks:Url to remove it, or disable it.")
        : await store.ReadAsync(id) is not null && await store.DeleteAsync(id) ? null
        : AdminProblems.UnknownWebhook(id);

    /// <summary>Gives an endpoint a new secret.</summary>
    /// <returns>The endpoint and that secret, which is not shown again; or what is wrong.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(EndpointSecret? Made, Problem? Problem)> RotateSecretAsync(string id) =>
        id == WebhookEndpoint.ConfiguredId ? (null, AdminProblems.ConfiguredWebhook("Change Webhooks:Secret, or what Webhooks:SecretFile holds."))
        : await store.ReadAsync(id) is not null && await store.RotateSecretAsync(id) is { } secret ? await WithAsync(id, secret)
        : (null, AdminProblems.UnknownWebhook(id));

    /// <summary>Sends an endpoint an event to try.</summary>
    /// <returns>The event's id; or what is wrong.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(string? EventId, Problem? Problem)> TestAsync(string id) =>
        await store.ReadAsync(id) is null ? (null, AdminProblems.UnknownWebhook(id))
        : await webhooks.TestAsync(id) is { } eventId ? (eventId, null)
        : (null, AdminProblems.DisabledWebhook(id));

    /// <summary>What was sent to an endpoint, the newest first.</summary>
    /// <param name="id">The endpoint.</param>
    /// <param name="cursor">The <see cref="DeliveryLog.NextCursor"/> of the page before; null or empty for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(DeliveryLog? Log, Problem? Problem)> DeliveriesAsync(string id, string? cursor, int limit)
    {
        long before = 0;
        if (cursor is { Length: > 0 } && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            return (null, AdminProblems.InvalidField("cursor", "must be the nextCursor of the page before."));
        }

        if (await store.ReadAsync(id) is null)
        {
            return (null, AdminProblems.UnknownWebhook(id));
        }

        var listed = await deliveries.ListAsync(id, before > 0 ? before : null, limit);
        return (new DeliveryLog(listed, listed.Count == limit ? listed[^1].Place.Number : null), null);
    }

    /// <summary>Sends an event once more.</summary>
    /// <returns>The delivery; or what is wrong.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<(LoggedDelivery? Replayed, Problem? Problem)> ReplayAsync(string id, string eventId) =>
        await store.ReadAsync(id) is not { } endpoint ? (null, AdminProblems.UnknownWebhook(id))
        : !endpoint.Enabled ? (null, AdminProblems.DisabledWebhook(id))
        : await deliveries.ReplayAsync(id, eventId) is { } replayed ? (replayed, null)
        : (null, AdminProblems.UnknownDelivery(id));

    private Problem? Invalid(EndpointEdit edit) =>
        edit.Refusal(options.CurrentValue.AllowPrivateNetworks) is var (field, remedy) ? AdminProblems.InvalidField(field, remedy) : null;

    private async Task<(EndpointSecret? Made, Problem? Problem)> WithAsync(string id, WebhookSecret secret) =>
        await store.ReadAsync(id) is { } endpoint ? (new EndpointSecret(endpoint, secret), null) : (null, AdminProblems.UnknownWebhook(id));
}

/// <summary>An endpoint with a secret that was made just now.</summary>
internal sealed record EndpointSecret(WebhookEndpoint Endpoint, WebhookSecret Secret);

/// <summary>A page of deliveries.</summary>
/// <param name="Items">The deliveries.</param>
/// <param name="NextCursor">Where the next page begins; null on the last.</param>
public sealed record DeliveryLog(IReadOnlyList<LoggedDelivery> Items, string? NextCursor);
