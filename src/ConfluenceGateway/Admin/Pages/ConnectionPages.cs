using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>The pages of connections, and what their forms do.</summary>
internal static class ConnectionPages
{
    private const string Path = "/connections";
    private const int PageSize = 50;
    private const int MostHappened = 50;
    private const int MostKeys = 10;

    /// <summary>Maps <c>/connections</c> and what is below it.</summary>
    public static void MapConnectionPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ListAsync);
        pages.MapPost(Path, CreateAsync).Audited("connection.edit");
        pages.MapGet(Path + "/new", (HttpContext context) => (IResult)NewPage(200)).RequireAuthorization(AdminPolicies.Operate);
        pages.MapGet(Path + "/{id}", ShowAsync);
        pages.MapPost(Path + "/{id}/link", LinkAsync).Audited("connection.link");
        pages.MapPost(Path + "/{id}/refresh", RefreshAsync).Audited("connection.refresh");
        pages.MapPost(Path + "/{id}/pause", (string id, ConnectionActions actions, Notices notices) => SetPausedAsync(id, true, actions, notices)).Audited("connection.pause");
        pages.MapPost(Path + "/{id}/resume", (string id, ConnectionActions actions, Notices notices) => SetPausedAsync(id, false, actions, notices)).Audited("connection.resume");
        pages.MapPost(Path + "/{id}/edit", EditAsync).Audited("connection.edit");
        pages.MapPost(Path + "/{id}/delete", DeleteAsync).Audited("connection.delete");
    }

    private static async Task<IResult> ListAsync(
        HttpContext context, string? state, string? reason, string? site, string? expiresBefore, string? q, string? cursor, ConnectionList list, Notices notices)
    {
        var (filter, problem) = ConnectionFilter.Parse(state, reason, site, expiresBefore, q);
        return new AdminPageResult<ConnectionsPage>(problem?.Status ?? 200, new Dictionary<string, object?>
        {
            [nameof(ConnectionsPage.Page)] = filter is null ? null : await list.PageAsync(filter, cursor is { Length: > 0 } ? cursor : null, PageSize, context.RequestAborted),
            [nameof(ConnectionsPage.Notice)] = problem is not null ? PageNotice.Of(problem) : notices.Of(context.Request),
        });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, ConnectionActions actions, Notices notices)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (id, displayName, siteUrl) = (form["id"].ToString().Trim(), Given(form, "displayName"), Given(form, "siteUrl"));
        context.IsAbout(id);
        var problem = ConnectionEndpoints.TryId(id, out var connectionId)
            ? (await actions.EditAsync(connectionId, new ConnectionEdit(displayName, siteUrl, null, null), new Precondition(Absent: true))).Problem
            : AdminProblems.InvalidId();
        if (problem is { Name: "precondition-failed" })
        {
            problem = AdminProblems.InvalidField("id", $"'{id}' is taken by another connection. Choose another id.");
        }

        return problem is null
            ? notices.SeeOther($"{Path}/{id}", PageNotice.Done("Created. Make a link now, and open it or send it to the person whose account the apps shall use."))
            : new Refused(problem, NewPage(problem.Status, form.ToDictionary(field => field.Key, field => field.Value.ToString()), problem));
    }

    private static async Task<IResult> ShowAsync(
        HttpContext context, string id, ConnectionViews views, ConnectionEvents events, RotationHistory history, CallerKeys keys, Notices notices)
    {
        if (!ConnectionEndpoints.TryId(id, out var connectionId) || await views.FindAsync(connectionId) is not { } connection)
        {
            return AdminNotices.NotFound();
        }

        var told = events.ListAsync(id, MostHappened);
        var rotations = history.ListAsync(connectionId, MostHappened);
        return new AdminPageResult<ConnectionDetailPage>(200, new Dictionary<string, object?>
        {
            [nameof(ConnectionDetailPage.Connection)] = connection,
            [nameof(ConnectionDetailPage.Happened)] = Happening.Of(await told, await rotations),
            [nameof(ConnectionDetailPage.Keys)] = await keys.ListAsync(connectionId, null, MostKeys),
            [nameof(ConnectionDetailPage.NeedsKey)] = keys.AreNeeded,
            [nameof(ConnectionDetailPage.Notice)] = notices.Of(context.Request),
        });
    }

    private static async Task<IResult> LinkAsync(string id, ConnectionActions actions, Notices notices)
    {
        if (!ConnectionEndpoints.TryId(id, out var connectionId))
        {
            return AdminNotices.NotFound();
        }

        var (link, problem) = await actions.LinkAsync(connectionId);
        return problem is not null
            ? Back(id, problem, notices)
            : notices.SeeOther($"{Path}/{id}", PageNotice.Done($"This link works for {ConnectLinks.Life.TotalHours:0} hours. Open it, or send it to the person whose account the apps use; whoever has it can connect.", link!.Url.AbsoluteUri));
    }

    private static async Task<IResult> RefreshAsync(HttpContext context, string id, ConnectionActions actions, Notices notices)
    {
        if (!ConnectionEndpoints.TryId(id, out var connectionId))
        {
            return AdminNotices.NotFound();
        }

        var (report, problem) = await actions.RefreshAsync(connectionId, context.RequestAborted);
        return problem is not null
            ? Back(id, problem, notices)
            : notices.SeeOther($"{Path}/{id}", PageNotice.Done($"Refreshed: from generation {report!.FromGeneration} to {report.ToGeneration}, in {report.DurationMs} ms."));
    }

    private static async Task<IResult> SetPausedAsync(string id, bool paused, ConnectionActions actions, Notices notices) =>
        !ConnectionEndpoints.TryId(id, out var connectionId) ? AdminNotices.NotFound()
        : await actions.SetPausedAsync(connectionId, paused) is { } problem ? Back(id, problem, notices)
        : notices.SeeOther($"{Path}/{id}", PageNotice.Done(paused ? "Paused: its apps get 403 from now on." : "Resumed: its apps are served again."));

    private static async Task<IResult> EditAsync(HttpContext context, string id, ConnectionActions actions, Notices notices)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!ConnectionEndpoints.TryId(id, out var connectionId))
        {
            return AdminNotices.NotFound();
        }

        var (_, problem) = await actions.EditAsync(connectionId, new ConnectionEdit(form["displayName"].ToString(), Given(form, "siteUrl"), null, null), Seen(form));
        return problem is not null ? Back(id, problem, notices) : notices.SeeOther($"{Path}/{id}", PageNotice.Done("Saved."));
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, string id, ConnectionActions actions, Notices notices)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (!ConnectionEndpoints.TryId(id, out var connectionId))
        {
            return AdminNotices.NotFound();
        }

        var problem = form["confirm"] == id ? await actions.DeleteAsync(connectionId, Seen(form)) : AdminProblems.InvalidField("confirm", $"type {id} to delete it. Nothing was deleted.");
        return problem is not null ? Back(id, problem, notices) : notices.SeeOther(Path, PageNotice.Done($"{id} is deleted. {ConnectionEndpoints.Deletion.Note}"));
    }

    private static Precondition Seen(IFormCollection form) => new(Revisions: [long.TryParse(form["revision"], out var revision) ? revision : -1]);

    private static Refused Back(string id, Problem problem, Notices notices) => new(problem, notices.SeeOther(problem.Status == 404 ? Path : $"{Path}/{id}", PageNotice.Of(problem)));

    private static AdminPageResult<NewConnectionPage> NewPage(int status, IReadOnlyDictionary<string, string>? sent = null, Problem? problem = null) =>
        new(status, new Dictionary<string, object?>
        {
            [nameof(NewConnectionPage.Sent)] = sent ?? new Dictionary<string, string>(),
            [nameof(NewConnectionPage.Notice)] = problem is null ? null : PageNotice.Of(problem),
        });

    private static string? Given(IFormCollection form, string name) => form[name].ToString().Trim() is { Length: > 0 } given ? given : null;
}
