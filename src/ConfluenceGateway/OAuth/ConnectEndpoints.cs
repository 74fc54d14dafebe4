using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.Http.Features;

namespace ConfluenceGateway.OAuth;

/// <summary>The way of a browser through a consent: link, page, Atlassian, callback, perhaps a choice of site.</summary>
internal static class ConnectEndpoints
{
    // A form here holds a ticket and a token of some hundred bytes each.
    private const int MaxFormBytes = 64 * 1024;

    /// <summary>Maps <c>/connect/…</c>.</summary>
    public static void MapConnect(this IEndpointRouteBuilder routes)
    {
        var connect = routes.MapGroup("/connect").AddEndpointFilter(AnswerOutagesAsync);
        connect.MapGet("/callback", CallbackAsync);
        connect.MapPost("/choose", ChooseAsync);
        connect.MapMethods("/{id}", [HttpMethods.Get, HttpMethods.Head], (HttpContext context, string id, string? ticket, ConsentStart start) => start.ShowAsync(context, id, ticket));
        connect.MapPost("/{id}", BeginAsync);
    }

    private static async Task<IResult> BeginAsync(HttpContext context, string id, ConsentStart start) =>
        await FormAsync(context) is { } form ? await start.BeginAsync(context, id, form) : ConnectPages.InvalidLink();

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

    // The single-use choice and the browser's cookie together are what another site cannot send.
    private static async Task<IResult> ChooseAsync(HttpContext context, ConsentCompletion completion) =>
        await FormAsync(context) is { } form && form["choice"] is [{ Length: > 0 } choice] && form["cloudId"] is [{ Length: > 0 } cloudId]
            ? await completion.ChooseAsync(context, new Secret(choice), cloudId)
            : ConnectPages.InvalidState();

    private static async Task<IFormCollection?> FormAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            return null;
        }

        context.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxFormBytes;
        return await context.Request.ReadFormAsync(context.RequestAborted);
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
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return ConnectPages.InvalidState();
        }
    }
}
