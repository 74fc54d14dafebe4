using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Api;

/// <summary>The management API of connections.</summary>
internal static class ConnectionEndpoints
{
    private const string Tag = "Connections";

    /// <summary>Maps <c>/connections</c> and what is below it.</summary>
    public static void MapConnections(this IEndpointRouteBuilder api)
    {
        var connections = api.MapGroup("/connections").WithTags(Tag);
        connections.MapGet("", ListAsync).Describe<ConnectionPage>("Lists connections in the order of their ids, filtered by state, reason, site, expiry and text.", [400]);
        connections.MapGet("/{id}", GetAsync).Describe<ConnectionView>("Shows a connection; never a token.", [400, 404]);
        connections.MapPut("/{id}", PutAsync).Audited("connection.edit").Takes<ConnectionEdit>().Produces<ConnectionView>(StatusCodes.Status201Created)
            .Describe<ConnectionView>("Makes a connection, or changes what is given of it.", [400, 409, 412, 413]);
        connections.MapDelete("/{id}", DeleteAsync).Audited("connection.delete")
            .Describe<Deletion>("Erases a connection with its grant, and says what cannot be revoked at Atlassian.", [400, 404, 412]);
        connections.MapPost("/{id}/connect-link", CreateLinkAsync).Audited("connection.link").Describe<ConnectLink>("Makes a link by which a person connects or reconnects it.", [400, 404]);
        connections.MapPost("/{id}/import", ImportAsync).Audited("connection.import").Takes<ImportRequest>()
            .Describe<ConnectionView>("Takes over a refresh token that lives elsewhere; the same import again changes nothing.", [400, 404, 409, 413, 422]);
        connections.MapPost("/{id}/refresh", RefreshAsync).Audited("connection.refresh").Describe<Refreshed>("Rotates its tokens now, and says what it did.", [400, 404, 409]);
        connections.MapPost("/{id}/pause", (HttpContext context, string id, ConnectionActions actions, ConnectionViews views) => SetPausedAsync(context, id, true, actions, views))
            .Audited("connection.pause").Describe<ConnectionView>("Stops its traffic.", [400, 404]);
        connections.MapPost("/{id}/resume", (HttpContext context, string id, ConnectionActions actions, ConnectionViews views) => SetPausedAsync(context, id, false, actions, views))
            .Audited("connection.resume").Describe<ConnectionView>("Lets its traffic flow again.", [400, 404]);
        connections.MapGet("/{id}/events", ListEventsAsync).Describe<EventList>("What happened to it, the newest first.", [400, 404]);
        connections.MapGet("/{id}/rotations", ListRotationsAsync).Describe<RotationList>("How its newest refreshes ended, the newest first.", [400, 404]);
    }

    private static async Task<IResult> ListAsync(
        string? state, string? reason, string? site, string? expiresBefore, string? q, string? cursor, string? limit, ConnectionList list, CancellationToken cancellationToken)
    {
        if (!PageSize.TryParse(limit, out var most))
        {
            return PageSize.Invalid();
        }

        var (filter, problem) = ConnectionFilter.Parse(state, reason, site, expiresBefore, q);
        return filter is null ? problem! : Results.Json(await list.PageAsync(filter, cursor is { Length: > 0 } ? cursor : null, most, cancellationToken), JsonBody.Options);
    }

    private static async Task<IResult> GetAsync(HttpContext context, string id, ConnectionViews views) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId() : await views.ShowAsync(context, connectionId);

    private static async Task<IResult> PutAsync(HttpContext context, string id, ConnectionActions actions, ConnectionViews views)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (precondition, invalid) = Preconditions.Of(context.Request);
        if (invalid is not null)
        {
            return invalid;
        }

        var (body, unreadable) = await JsonBody.ReadAsync<ConnectionEdit>(context.Request);
        if (body is null)
        {
            return unreadable!;
        }

        var (made, problem) = await actions.EditAsync(connectionId, body, precondition);
        return problem ?? await views.ShowAsync(context, connectionId, made ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, ConnectionActions actions)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (precondition, invalid) = Preconditions.Of(context.Request);
        return invalid ?? (IResult?)await actions.DeleteAsync(connectionId, precondition) ?? Results.Json(new Deletion(id), JsonBody.Options);
    }

    private static async Task<IResult> CreateLinkAsync(string id, ConnectionActions actions)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (link, problem) = await actions.LinkAsync(connectionId);
        return problem ?? Results.Json(link, JsonBody.Options);
    }

    private static async Task<IResult> ImportAsync(HttpContext context, string id, ConnectionActions actions, ConnectionViews views)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (body, unreadable) = await JsonBody.ReadAsync<ImportRequest>(context.Request);
        return body is null ? unreadable!
            : await actions.ImportAsync(connectionId, body) is ImportOutcome.Failed failed ? failed.Problem
            : await views.ShowAsync(context, connectionId);
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, string id, ConnectionActions actions, ConnectionViews views)
    {
        if (!TryId(id, out var connectionId))
        {
            return AdminProblems.InvalidId();
        }

        var (report, problem) = await actions.RefreshAsync(connectionId, context.RequestAborted);
        return problem ?? Results.Json(
            new Refreshed(report!.FromGeneration, report.ToGeneration, report.DurationMs, await views.FindAsync(connectionId)), JsonBody.Options);
    }

    private static async Task<IResult> SetPausedAsync(HttpContext context, string id, bool paused, ConnectionActions actions, ConnectionViews views) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId()
        : (IResult?)await actions.SetPausedAsync(connectionId, paused) ?? await views.ShowAsync(context, connectionId);

    private static async Task<IResult> ListEventsAsync(string id, string? limit, ConnectionStore store, ConnectionEvents events) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId()
        : !PageSize.TryParse(limit, out var most) ? PageSize.Invalid()
        : !await store.ExistsAsync(connectionId) ? AdminProblems.UnknownConnection(connectionId)
        : Results.Json(new EventList(await events.ListAsync(id, most)), JsonBody.Options);

    private static async Task<IResult> ListRotationsAsync(string id, string? limit, ConnectionStore store, RotationHistory history) =>
        !TryId(id, out var connectionId) ? AdminProblems.InvalidId()
        : !PageSize.TryParse(limit, out var most) ? PageSize.Invalid()
        : !await store.ExistsAsync(connectionId) ? AdminProblems.UnknownConnection(connectionId)
        : Results.Json(new RotationList(await history.ListAsync(connectionId, most)), JsonBody.Options);

    /// <summary>Whether <paramref name="text"/> can be a connection's id; the callback has its place where connections have theirs.</summary>
    public static bool TryId(string text, out ConnectionId id) => ConnectionId.TryParse(text, out id) && text != "callback";

    /// <summary>What became of a deletion.</summary>
    /// <param name="Deleted">The connection's id.</param>
    internal sealed record Deletion(string Deleted)
    {
        /// <summary>What is left to do where the gateway has no say.</summary>
        public string AtAtlassian { get; } = Note;

        /// <summary>Atlassian offers apps no way to revoke a grant.</summary>
        public const string Note =
            "The gateway has forgotten the grant. Atlassian gives apps no way to revoke one: it ends there after 90 days without use, or when the person removes the app at https://id.atlassian.com/manage-profile/apps.";
    }

    /// <summary>What a refresh did.</summary>
    internal sealed record Refreshed(long? FromGeneration, long ToGeneration, long DurationMs, ConnectionView? Connection);

    /// <summary>What happened to a connection.</summary>
    internal sealed record EventList(IReadOnlyList<ConnectionEvent> Events);

    /// <summary>How refreshes of a connection ended.</summary>
    internal sealed record RotationList(IReadOnlyList<Rotation> Rotations);
}
