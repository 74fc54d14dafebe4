using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Admin.Api;

/// <summary>Every answer of the management API that is not what was asked for.</summary>
internal static class AdminProblems
{
    public static Problem Unauthorized() => new(401, "admin-unauthorized", "The admin key is missing or wrong",
        "Send Authorization: Bearer with the value of Admin:ApiKey.")
    {
        Challenges = ["Bearer realm=\"confluence-gateway-management\""],
    };

    public static Problem Forbidden() => new(403, "admin-forbidden", "The key may only look",
        "This call changes something, and the key that was sent is that of viewers. Send the value of Admin:ApiKey.");

    public static Problem NotFound() => new(404, "not-found", "Not found", "The management listener has nothing at this path.");

    public static Problem InvalidId() => new(400, "invalid-request", "The connection id is not valid",
        $"A connection id is {ConnectionId.Rule}; 'callback' is taken by the gateway itself.")
    { Members = { ["field"] = "id" } };

    public static Problem InvalidField(string field, string remedy) => new(400, "invalid-request", "A field is not valid",
        $"{field}: {remedy}")
    { Members = { ["field"] = field } };

    /// <summary>The body is no JSON, or not what is expected.</summary>
    public static Problem InvalidBody(JsonException exception) => new(400, "invalid-request", "The body is not valid",
        $"{Field(exception)}: {(exception.Path is null or "$" ? "the body must be one JSON object with the members that the documentation names, and no others." : "it is not known here, or its value has the wrong type, or the JSON breaks off here.")}")
    {
        Members = { ["field"] = Field(exception), ["line"] = exception.LineNumber + 1 },
    };

    public static Problem BodyTooLarge(long limit) => new(413, "body-too-large", "The body is too large", $"Management calls take up to {limit} bytes.");

    public static Problem UnknownConnection(ConnectionId id) => new(404, "unknown-connection", "Unknown connection",
        $"There is no connection '{id}'. Make it with PUT /api/v1/connections/{id}.");

    /// <summary>The id is not repeated: somebody may have sent the key itself.</summary>
    public static Problem UnknownCallerKey() => new(404, "unknown-caller-key", "Unknown caller key",
        "There is no caller key with this id. GET /api/v1/caller-keys lists those there are.");

    public static Problem StoreUnavailable() => new(503, "store-unavailable", "The store is out of reach",
        "Redis or the key ring does not answer. A change may or may not be stored: read the connection again before you repeat it.")
    { RetryAfter = TimeSpan.FromSeconds(5) };

    public static Problem NotConfigured(string callbackUrl) => new(503, "gateway-misconfigured", "The gateway has no app yet",
        $"Set Atlassian:ClientId and Atlassian:ClientSecret, and register the callback URL {callbackUrl} with the app.")
    { RetryAfter = TimeSpan.FromSeconds(30) };

    public static Problem Misconfigured(string evidence, TimeSpan wait) => new(503, "gateway-misconfigured", "The gateway's app is refused",
        $"The token endpoint refuses the app: {evidence}. Check Atlassian:ClientId and Atlassian:ClientSecret. Nothing was changed.")
    { RetryAfter = wait };

    public static Problem ImportRejected(ReauthReason reason, string evidence) => new(422, "import-rejected", "The refresh token cannot be imported",
        reason == ReauthReason.WrongApp
            ? $"The token belongs to another app ({evidence}). Configure that app's client id, or connect by consent. What was stored before is unchanged."
            : $"Atlassian no longer accepts the token ({evidence}). Connect by consent instead. What was stored before is unchanged.")
    {
        Members = { ["reason"] = GrantRecord.Name(reason), ["evidence"] = evidence },
    };

    public static Problem ImportedElsewhere(ConnectionId id) => new(409, "already-imported", "The token was imported already",
        $"It went to the connection '{id}', which has its grant since. Connect this connection by consent, or import another token.")
    { Members = { ["connection"] = id.Value } };

    public static Problem PreconditionFailed() => new(412, "precondition-failed", "The connection is not as you saw it",
        "Somebody changed it since, or it is there already, or no longer. Read it again and send the ETag of that answer in If-Match.");

    public static Problem InvalidPrecondition(string header) => new(400, "invalid-request", "A header is not valid",
        header == "If-Match" ? "If-Match: must be * or the ETag of an answer of this API." : "If-None-Match: must be *, for a connection that is to be made.")
    { Members = { ["field"] = header } };

    public static Problem SiteNotCovered(string? wanted, IReadOnlyList<Site> sites, DateTimeOffset heldUntil) => new(422, "site-not-covered",
        wanted is null ? "It is not clear which site" : "The grant does not cover the site",
        (wanted is null
            ? sites.Count == 0
                ? "The grant reaches no Confluence site, as a guest's."
                : $"The grant reaches {sites.Count} sites; name one by cloudId or siteUrl."
            : $"The grant does not reach {wanted}, only the sites listed.")
        + " The token was rotated and its successor is held: send the same import again with one of the sites, before the time in heldUntil.")
    {
        Members =
        {
            ["sites"] = new JsonArray([.. sites.Select(site => new JsonObject { ["cloudId"] = site.CloudId, ["url"] = site.Url, ["name"] = site.Name })]),
            ["heldUntil"] = heldUntil,
        },
    };

    public static Problem Unavailable(string evidence, TimeSpan wait) => new(503, "token-unavailable", "Not possible just now",
        $"{evidence}. Nothing was lost; try again later.")
    { RetryAfter = wait };

    public static Problem NotRefreshable(ConnectionId id, string why) => new(409, "not-refreshable", "There is nothing to refresh",
        $"'{id}' was not refreshed: {why}.");

    public static Problem ReauthRequired(ConnectionId id, GrantDeath death) => NotRefreshable(id, $"its grant is dead ({death.Evidence}), and a person must consent again. POST /api/v1/connections/{id}/connect-link gives a link") with
    {
        Members = new JsonObject { ["reason"] = GrantRecord.Name(death.Reason), ["evidence"] = death.Evidence, ["since"] = death.Since },
    };

    public static Problem SitePinned(Connection connection) => new(409, "site-pinned", "The connection is bound to its site",
        $"The grant of '{connection.Id}' is for {connection.SiteUrl}. Make another connection for another site, or delete this one and make it anew.");

    public static Problem ImportUnanswered(string evidence, TimeSpan wait) => new(503, "token-unavailable", "Atlassian did not answer",
        $"{evidence}. Nothing was stored. Send the same import again within ten minutes: Atlassian takes it for the same rotation that long.")
    { RetryAfter = wait };

    public static Problem UnknownWebhook(string id) => new(404, "unknown-webhook", "Unknown webhook endpoint",
        $"There is no webhook endpoint '{id}'. GET /api/v1/webhooks lists them.");

    public static Problem UnknownDelivery(string id) => new(404, "unknown-delivery", "Unknown delivery",
        $"Webhook endpoint '{id}' remembers no such event. GET /api/v1/webhooks/{id}/deliveries lists those it does.");

    public static Problem TooManyWebhooks() => new(409, "too-many-webhooks", "There are too many webhook endpoints",
        $"There can be {WebhookEndpointStore.Most}. Delete one that is not needed any more.");

    public static Problem ConfiguredWebhook(string remedy) => new(409, "configured-webhook", "The settings hold this",
        $"The webhook endpoint '{WebhookEndpoint.ConfiguredId}' is made by the settings. {remedy}");

    public static Problem DisabledWebhook(string id) => new(409, "webhook-disabled", "The webhook endpoint is disabled",
        $"Nothing is sent to '{id}'. Enable it first: PUT /api/v1/webhooks/{id} with enabled set to true.");

    private static string Field(JsonException exception) => exception.Path is null or "$" ? "body" : exception.Path.TrimStart('$', '.');
}
