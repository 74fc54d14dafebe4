using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>The pages of caller keys, and what their forms do.</summary>
internal static class CallerKeyPages
{
    private const string Path = "/caller-keys";
    private const int PageSize = 50;

    /// <summary>Maps <c>/caller-keys</c> and what is below it.</summary>
    public static void MapCallerKeyPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ListAsync);
        pages.MapPost(Path, CreateAsync).Audited("caller-key.create");
        pages.MapGet(Path + "/new", (string? connection) => (IResult)NewPage(new CallerKeyForm(Connections: connection ?? ""))).RequireAuthorization(AdminPolicies.Operate);
        pages.MapPost(Path + "/{id}/revoke", RevokeAsync).Audited("caller-key.revoke");
    }

    /// <summary>The query of the list's address that shows the keys of one connection, and of all when there is none.</summary>
    public static QueryString OfConnection(string? connection) => connection is { Length: > 0 } ? QueryString.Create("connection", connection) : QueryString.Empty;

    private static async Task<IResult> ListAsync(HttpContext context, string? connection, string? cursor, CallerKeys keys, Notices notices)
    {
        var (named, problem) = CallerKeyEndpoints.Parse(connection?.Trim());
        return new AdminPageResult<CallerKeysPage>(problem?.Status ?? 200, new Dictionary<string, object?>
        {
            [nameof(CallerKeysPage.Page)] = problem is not null ? null : await keys.ListAsync(named, cursor is { Length: > 0 } ? cursor : null, PageSize),
            [nameof(CallerKeysPage.NeedsKey)] = keys.AreNeeded,
            [nameof(CallerKeysPage.Notice)] = problem is not null ? PageNotice.Of(problem) : notices.Of(context.Request),
        });
    }

    private static async Task<IResult> CreateAsync(HttpContext context, CallerKeys keys, ConnectionViews views)
    {
        var form = CallerKeyForm.Of(await context.Request.ReadFormAsync(context.RequestAborted));
        var (wanted, problem) = form.Read();
        return wanted is null ? Refuse(form, problem!) : await keys.CreateAsync(wanted, context.User.Identity?.Name) switch
        {
            CallerKeyCreation.Created created => Show(context, created, views),
            CallerKeyCreation.Invalid invalid => Refuse(form, AdminProblems.InvalidField(invalid.Field, invalid.Remedy)),
            var other => throw new InvalidOperationException($"{other.GetType().Name} is not known here."),
        };
    }

    // The one page that shows the key itself. No redirect leads to it, since an address is kept in histories and logs.
    private static AdminPageResult<CallerKeyMadePage> Show(HttpContext context, CallerKeyCreation.Created created, ConnectionViews views)
    {
        context.IsAbout(created.Key.Id);
        return new AdminPageResult<CallerKeyMadePage>(201, new Dictionary<string, object?>
        {
            [nameof(CallerKeyMadePage.Key)] = created.Key,
            [nameof(CallerKeyMadePage.Secret)] = created.Secret.Reveal(),
            [nameof(CallerKeyMadePage.BaseUrl)] = views.BaseUrl(created.Key.Connections is [CallerKey.EveryConnection, ..] ? "<connection>" : created.Key.Connections[0]),
        });
    }

    private static async Task<IResult> RevokeAsync(string id, string? connection, CallerKeys keys, Notices notices)
    {
        // Back to the list as it was filtered.
        var query = OfConnection(connection);
        return await keys.RevokeAsync(id)
            ? notices.SeeOther(Path, PageNotice.Done("Revoked: the key is refused here at once, and by every other replica within five seconds."), query)
            : new Refused(AdminProblems.UnknownCallerKey(), notices.SeeOther(Path, new PageNotice("bad", "There is no such key. Somebody revoked it before."), query));
    }

    private static Refused Refuse(CallerKeyForm form, Problem problem) => new(problem, NewPage(form, problem));

    private static AdminPageResult<NewCallerKeyPage> NewPage(CallerKeyForm form, Problem? problem = null) =>
        new(problem?.Status ?? 200, new Dictionary<string, object?>
        {
            [nameof(NewCallerKeyPage.Form)] = form,
            [nameof(NewCallerKeyPage.Fault)] = problem?.Field,
            [nameof(NewCallerKeyPage.Notice)] = problem is null ? null : PageNotice.Of(problem),
        });
}
