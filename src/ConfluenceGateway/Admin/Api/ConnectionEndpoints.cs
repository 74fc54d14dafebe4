using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of connections.</summary>
internal static class ConnectionEndpoints
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;

    /// <summary>Maps <c>/connections</c> and what is below it.</summary>
    public static void MapConnections(this IEndpointRouteBuilder api)
    {
        api.MapGet("/connections", ListAsync);
        api.MapGet("/connections/{id}", GetAsync);
        api.MapPut("/connections/{id}", PutAsync);
        api.MapDelete("/connections/{id}", DeleteAsync);
        api.MapGet("/connections/{id}/events", ListEventsAsync);
        api.MapPost("/connections/{id}/connect-link", CreateLinkAsync);
        api.MapPost("/connections/{id}/import", ImportAsync);
        api.MapPost("/connections/{id}/refresh", RefreshAsync);
        api.MapPost("/connections/{id}/pause", (string id, ConnectionStore store, ConnectionViews views) => SetPausedAsync(id, true, store, views));
        api.MapPost("/connections/{id}/resume", (string id, ConnectionStore store, ConnectionViews views) => SetPausedAsync(id, false, store, views));
    }

    private static async Task<IResult> ListAsync(string? state, string? cursor, string? limit, ConnectionStore store, ConnectionViews views)
    {
        if (!TryLimit(limit, out var most))
        {
            return InvalidLimit();
        }

        ConnectionState? wanted = null;
        if (state is { Length: > 0 })
        {
            wanted = Enum.GetValues<ConnectionState>().Cast<ConnectionState?>().FirstOrDefault(known => Name(known!.Value) == state);
            if (wanted is null)
            {
                return AdminProblems.InvalidField("state", $"must be one of {string.Join(", ", Enum.GetValues<ConnectionState>().Select(Name))}.");
            }
        }

        var ids = await store.ListAsync(cursor is { Length: > 0 } ? cursor : null, most);
        return Results.Json(await views.PageAsync(ids, wanted, ids.Count == most ? ids[^1].Value : null), JsonBody.Options);
    }

    private static async Task<IResult> GetAsync(string id, ConnectionViews views) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId() : await views.ShowAsync(connectionId);

    private static async Task<IResult> PutAsync(HttpRequest request, string id, ConnectionStore store, ConnectionViews views, TimeProvider time)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (body, problem) = await JsonBody.ReadAsync<ConnectionEdit>(request);
        if (body is null)
        {
            return problem!;
        }

        if (body.SiteUrl is { } siteUrl && !IsSiteUrl(siteUrl))
        {
            return AdminProblems.InvalidField("siteUrl", "must be the https URL of the site without a path, such as https://acme.atlassian.net.");
        }

        if (body.CloudId is { } cloudId && !Guid.TryParse(cloudId, out _))
        {
            return AdminProblems.InvalidField("cloudId", "must be the site's id, a UUID.");
        }

        if (body.DisplayName is { Length: 0 or > 200 })
        {
            return AdminProblems.InvalidField("displayName", "must have 1 to 200 characters.");
        }

        // The grant is for the pinned site: another one needs another consent.
        if (await store.ReadAsync(connectionId) is { Grant: not null, Connection: var pinned }
            && (body.CloudId is not null && body.CloudId != pinned.CloudId || body.SiteUrl is not null && body.SiteUrl.TrimEnd('/') != pinned.SiteUrl))
        {
            return AdminProblems.SitePinned(pinned);
        }

        var made = await store.WriteAsync(connectionId, body.DisplayName, body.SiteUrl, body.CloudId, time.GetUtcNow(), body.Compatibility);
        return await views.ShowAsync(connectionId, made ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(string id, ConnectionStore store) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId()
        : await store.DeleteAsync(connectionId) ? Results.NoContent()
        : AdminProblems.UnknownConnection(connectionId);

    private static async Task<IResult> ListEventsAsync(string id, string? limit, ConnectionStore store, ConnectionEvents events)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        return !TryLimit(limit, out var most) ? InvalidLimit()
            : !await store.ExistsAsync(connectionId) ? AdminProblems.UnknownConnection(connectionId)
            : Results.Json(new EventList(await events.ListAsync(connectionId, most)), JsonBody.Options);
    }

    private static async Task<IResult> CreateLinkAsync(string id, ConnectionStore store, ConnectLinks links, SetupState setup)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        return setup.Missing.Count > 0 ? AdminProblems.NotConfigured(setup.CallbackUrl)
            : await store.ReadAsync(connectionId) is null ? AdminProblems.UnknownConnection(connectionId)
            : Results.Json(links.Create(connectionId, LinkIssuer.Operator), JsonBody.Options);
    }

    private static async Task<IResult> ImportAsync(HttpRequest request, string id, ConnectionStore store, GrantImport import, SetupState setup, ConnectionViews views)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (body, problem) = await JsonBody.ReadAsync<ImportRequest>(request);
        if (body is null)
        {
            return problem!;
        }

        if (string.IsNullOrWhiteSpace(body.RefreshToken))
        {
            return AdminProblems.InvalidField("refreshToken", "is required: the refresh token to take over.");
        }

        if (body is { CloudId: not null, SiteUrl: not null })
        {
            return AdminProblems.InvalidField("siteUrl", "cloudId names the site already; send one of the two.");
        }

        if (setup.Missing.Count > 0)
        {
            return AdminProblems.NotConfigured(setup.CallbackUrl);
        }

        if (await store.ReadAsync(connectionId) is not { } snapshot)
        {
            return AdminProblems.UnknownConnection(connectionId);
        }

        return await import.ImportAsync(snapshot.Connection, new Secret(body.RefreshToken.Trim()), body.CloudId, body.SiteUrl)
            ?? await views.ShowAsync(connectionId);
    }

    private static async Task<IResult> RefreshAsync(
        HttpContext context, string id, ConnectionCache connections, TokenSource tokens, ConnectionViews views)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var current = await connections.ReadAsync(connectionId);
        return await tokens.GetNewerAsync(connectionId, current?.Grant?.Version ?? default, RefreshTrigger.Operator, context.RequestAborted) switch
        {
            TokenOutcome.Unknown => AdminProblems.UnknownConnection(connectionId),
            TokenOutcome.Misconfigured misconfigured => AdminProblems.Misconfigured(misconfigured.Evidence, misconfigured.RetryAfter),
            TokenOutcome.Unavailable unavailable => AdminProblems.Unavailable(unavailable.Evidence, unavailable.RetryAfter),
            TokenOutcome.Ready => await views.ShowAsync(connectionId),
            _ => AdminProblems.NotRefreshable(connectionId),
        };
    }

    private static async Task<IResult> SetPausedAsync(string id, bool paused, ConnectionStore store, ConnectionViews views) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId()
        : await store.SetPausedAsync(connectionId, paused) ? await views.ShowAsync(connectionId)
        : AdminProblems.UnknownConnection(connectionId);

    // The callback has its place where connections have theirs.
    private static bool TryId(string text, out ConnectionId id) => ConnectionId.TryParse(text, out id) && text != "callback";

    /// <summary>How many things a page of a list may have, as every list takes it.</summary>
    internal static bool TryLimit(string? text, out int limit)
    {
        limit = DefaultLimit;
        return string.IsNullOrEmpty(text) || int.TryParse(text, out limit) && limit is >= 1 and <= MaxLimit;
    }

    /// <summary>The answer when <see cref="TryLimit"/> fails.</summary>
    internal static Callers.Problem InvalidLimit() => AdminProblems.InvalidField("limit", $"must be a number from 1 to {MaxLimit}.");

    private static bool IsSiteUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttps && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" };

    private static string Name(ConnectionState state) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    private sealed record ConnectionEdit(string? DisplayName, string? SiteUrl, string? CloudId, CompatibilityChoices? Compatibility);

    private sealed record EventList(IReadOnlyList<ConnectionEvent> Events);

    private sealed record ImportRequest(string? RefreshToken, string? CloudId, string? SiteUrl);
}
