using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.OAuth;

/// <summary>The way of a browser through a consent: link, Atlassian, callback, perhaps a choice of site.</summary>
internal static class ConnectEndpoints
{
    /// <summary>Maps <c>/connect/…</c>.</summary>
    public static void MapConnect(this IEndpointRouteBuilder routes)
    {
        var connect = routes.MapGroup("/connect").AddEndpointFilter(AnswerOutagesAsync);
        connect.MapGet("/callback", CallbackAsync);
        connect.MapPost("/choose", ChooseAsync);
        connect.MapGet("/{id}", BeginAsync);
    }

    private static async Task<IResult> BeginAsync(
        HttpContext context, string id, string? ticket, ConnectLinks links, ConnectionCache connections, SetupState setup,
        AuthorizeStates states, BrowserBinding browser, IOptionsMonitor<AtlassianOptions> options)
    {
        if (!ConnectionId.TryParse(id, out var connectionId) || links.Check(connectionId, ticket) is not { } issuer)
        {
            return ConnectPages.InvalidLink();
        }

        if (setup.Missing.Count > 0)
        {
            return ConnectPages.NotConfigured();
        }

        if (await connections.GetAsync(connectionId) is null)
        {
            return ConnectPages.UnknownConnection();
        }

        var state = await states.CreateAsync(new ConnectRequest(id, issuer, browser.Bind(context)));
        var app = options.CurrentValue;
        // Written by hand: the framework's redirect result logs its destination, and this one holds a state.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.Location = QueryHelpers.AddQueryString(app.AuthBaseUrl.TrimEnd('/') + "/authorize", new Dictionary<string, string?>
        {
            ["audience"] = "api.atlassian.com",
            ["client_id"] = app.ClientId,
            ["scope"] = app.Scopes,
            ["redirect_uri"] = setup.CallbackUrl,
            ["state"] = state.Reveal(),
            ["response_type"] = "code",
            ["prompt"] = "consent",
        });
        return Results.StatusCode(StatusCodes.Status302Found);
    }

    private static async Task<IResult> CallbackAsync(
        HttpContext context, string? state, string? code, string? error, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "error_description")] string? errorDescription,
        AuthorizeStates states, ConnectPages pages, ConsentCompletion completion)
    {
        if (await states.TakeAsync(state) is not { } request)
        {
            return ConnectPages.InvalidState();
        }

        if (!BrowserBinding.IsBoundTo(context, request.Browser))
        {
            return ConnectPages.OtherBrowser();
        }

        return (error, code) switch
        {
            ("access_denied", _) => pages.Declined(request),
            ({ Length: > 0 }, _) => pages.Refused(request, $"{error}: {errorDescription}"),
            (_, { Length: > 0 }) => await completion.CompleteAsync(request, new Secret(code)),
            _ => pages.Refused(request, "neither a code nor an error came back"),
        };
    }

    private static async Task<IResult> ChooseAsync(HttpContext context, ConsentCompletion completion)
    {
        if (!context.Request.HasFormContentType)
        {
            return ConnectPages.InvalidState();
        }

        // The single-use choice and the browser's cookie together are what another site cannot send.
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        return form["choice"] is [{ Length: > 0 } choice] && form["cloudId"] is [{ Length: > 0 } cloudId]
            ? await completion.ChooseAsync(context, new Secret(choice), cloudId)
            : ConnectPages.InvalidState();
    }

    private static async ValueTask<object?> AnswerOutagesAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or KeyRingUnavailableException or AtlassianUnavailableException)
        {
            return ConnectPages.Unavailable();
        }
        catch (InvalidDataException)
        {
            return ConnectPages.InvalidState();
        }
    }
}
