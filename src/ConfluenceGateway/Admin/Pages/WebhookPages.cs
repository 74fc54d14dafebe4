using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>The pages of webhook endpoints, and what their forms do.</summary>
internal static class WebhookPages
{
    private const string Path = "/webhooks";
    private const int PageSize = 50;

    /// <summary>Maps <c>/webhooks</c> and what is below it.</summary>
    public static void MapWebhookPages(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, ListAsync);
        pages.MapPost(Path, CreateAsync).Audited("webhook.create");
        pages.MapGet(Path + "/new", () => (IResult)NewPage(new EndpointEdit(null, null, null, null))).RequireAuthorization(AdminPolicies.Operate);
        pages.MapGet(Path + "/{id}", ShowAsync);
        pages.MapPost(Path + "/{id}/edit", EditAsync).Audited("webhook.change");
        pages.MapPost(Path + "/{id}/enable", (string id, WebhookActions actions, Notices notices) => SetEnabledAsync(id, true, actions, notices)).Audited("webhook.change");
        pages.MapPost(Path + "/{id}/disable", (string id, WebhookActions actions, Notices notices) => SetEnabledAsync(id, false, actions, notices)).Audited("webhook.change");
        pages.MapPost(Path + "/{id}/rotate-secret", RotateSecretAsync).Audited("webhook.rotate-secret");
        pages.MapPost(Path + "/{id}/test", TestAsync).Audited("webhook.test");
        pages.MapPost(Path + "/{id}/delete", DeleteAsync).Audited("webhook.delete");
        pages.MapPost(Path + "/{id}/deliveries/{eventId}/replay", ReplayAsync).Audited("webhook.replay");
    }

    private static async Task<IResult> ListAsync(HttpContext context, WebhookEndpointStore store, Notices notices) =>
        new AdminPageResult<WebhooksPage>(200, new Dictionary<string, object?>
        {
            [nameof(WebhooksPage.Endpoints)] = await store.ListAsync(),
            [nameof(WebhooksPage.Notice)] = notices.Of(context.Request),
        });

    private static async Task<IResult> CreateAsync(HttpContext context, WebhookActions actions)
    {
        var edit = Typed(await context.Request.ReadFormAsync(context.RequestAborted));
        var (made, problem) = await actions.CreateAsync(edit);
        if (made is null)
        {
            return new Refused(problem!, NewPage(edit, problem));
        }

        context.IsAbout(made.Endpoint.Id);
        return WithSecret(made, 201);
    }

    private static async Task<IResult> ShowAsync(HttpContext context, string id, string? cursor, WebhookEndpointStore store, WebhookActions actions, Notices notices)
    {
        if (await store.ReadAsync(id) is not { } endpoint)
        {
            return AdminNotices.NotFound();
        }

        var (log, problem) = await actions.DeliveriesAsync(id, cursor, PageSize);
        return DetailPage(endpoint, log, problem is null ? notices.Of(context.Request) : null, problem: problem);
    }

    private static async Task<IResult> EditAsync(HttpContext context, string id, WebhookEndpointStore store, WebhookActions actions, Notices notices)
    {
        var edit = Typed(await context.Request.ReadFormAsync(context.RequestAborted));
        if (await store.ReadAsync(id) is not { } endpoint)
        {
            return Back(id, AdminProblems.UnknownWebhook(id), notices);
        }

        var (_, problem) = await actions.ChangeAsync(id, edit);
        return problem is null ? notices.SeeOther($"{Path}/{id}", PageNotice.Done("Saved."))
            : problem.Field is null ? Back(id, problem, notices)
            : new Refused(problem, DetailPage(endpoint, (await actions.DeliveriesAsync(id, null, PageSize)).Log, problem: problem, typed: edit));
    }

    private static async Task<IResult> SetEnabledAsync(string id, bool enabled, WebhookActions actions, Notices notices)
    {
        var (_, problem) = await actions.ChangeAsync(id, new EndpointEdit(null, null, null, enabled));
        return problem is not null ? Back(id, problem, notices) : notices.SeeOther($"{Path}/{id}", PageNotice.Done(enabled
            ? "Enabled: what waited goes on within half a minute, and new events are sent."
            : "Disabled: nothing is sent, and new events are not queued."));
    }

    private static async Task<IResult> RotateSecretAsync(string id, WebhookActions actions, Notices notices)
    {
        var (made, problem) = await actions.RotateSecretAsync(id);
        return problem is not null ? Back(id, problem, notices) : WithSecret(made!, 200);
    }

    private static async Task<IResult> TestAsync(string id, WebhookActions actions, Notices notices)
    {
        var (eventId, problem) = await actions.TestAsync(id);
        return problem is not null ? Back(id, problem, notices)
            : notices.SeeOther($"{Path}/{id}", PageNotice.Done($"The test {eventId} is on its way. The deliveries below tell what becomes of it."));
    }

    private static async Task<IResult> DeleteAsync(string id, WebhookActions actions, Notices notices) =>
        await actions.DeleteAsync(id) is { } problem ? Back(id, problem, notices)
        : notices.SeeOther(Path, PageNotice.Done("The endpoint is deleted, with all that waited for it."));

    private static async Task<IResult> ReplayAsync(string id, string eventId, WebhookActions actions, Notices notices)
    {
        var (replayed, problem) = await actions.ReplayAsync(id, eventId);
        return problem is not null ? Back(id, problem, notices)
            : notices.SeeOther($"{Path}/{id}", PageNotice.Done(replayed!.Delivery.Attempts > 0 ? $"{eventId} is tried again now." : $"{eventId} is sent, behind what waits of its connection."));
    }

    private static EndpointEdit Typed(IFormCollection form) =>
        new(form.ContainsKey("url") ? form["url"].ToString().Trim() : null, form["description"].ToString().Trim(), [.. form["events"].OfType<string>()], null);

    private static Refused Back(string id, Problem problem, Notices notices) => new(problem, problem.Name == "unknown-webhook"
        ? notices.SeeOther(Path, new PageNotice("bad", "There is no such endpoint. Somebody deleted it before."))
        : notices.SeeOther($"{Path}/{id}", PageNotice.Of(problem)));

    // The pages that show a secret. No redirect leads to them, since an address is kept in histories and logs.
    private static AdminPageResult<WebhookSecretPage> WithSecret(EndpointSecret made, int status) => new(status, new Dictionary<string, object?>
    {
        [nameof(WebhookSecretPage.Endpoint)] = made.Endpoint,
        [nameof(WebhookSecretPage.Secret)] = made.Secret.Reveal(),
    });

    private static AdminPageResult<NewWebhookPage> NewPage(EndpointEdit typed, Problem? problem = null) => new(problem?.Status ?? 200, new Dictionary<string, object?>
    {
        [nameof(NewWebhookPage.Typed)] = typed,
        [nameof(NewWebhookPage.Fault)] = problem?.Field,
        [nameof(NewWebhookPage.Notice)] = problem is null ? null : PageNotice.Of(problem),
    });

    private static AdminPageResult<WebhookDetailPage> DetailPage(WebhookEndpoint endpoint, DeliveryLog? log, PageNotice? notice = null, Problem? problem = null, EndpointEdit? typed = null) =>
        new(problem?.Status ?? 200, new Dictionary<string, object?>
        {
            [nameof(WebhookDetailPage.Endpoint)] = endpoint,
            [nameof(WebhookDetailPage.Log)] = log,
            [nameof(WebhookDetailPage.Typed)] = typed ?? new EndpointEdit(endpoint.Url, endpoint.Description, endpoint.Events, null),
            [nameof(WebhookDetailPage.Fault)] = problem?.Field,
            [nameof(WebhookDetailPage.Notice)] = problem is null ? notice : PageNotice.Of(problem),
        });
}
