using AtlassianSimulator.Accounts;
using AtlassianSimulator.Edge;
using AtlassianSimulator.Faults;
using AtlassianSimulator.OAuth;

namespace AtlassianSimulator.Control;

/// <summary>The control API under <c>/_simulator</c>: time, settings, faults, apps, accounts and the record of requests.</summary>
internal sealed class ControlEndpoints(
    SimulatorClock clock, LiveSettings settings, Counters counters, FaultList faults, OAuthApps apps, Grants grants,
    AccountDirectory directory, RequestRecord requests, GrantControl grantControl)
{
    private static readonly TimeSpan FurthestAdvance = TimeSpan.FromDays(3650);

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_simulator");
        control.MapGet("/state", Respond(_ => new SimulatorState(clock.GetUtcNow(), settings.Current, counters.Read())));
        control.MapGet("/counters", Respond(_ => counters.Read()));
        control.MapPatch("/settings", RespondAsync(ChangeSettingsAsync));
        control.MapPost("/time", RespondAsync(AdvanceAsync));
        control.MapGet("/faults", Respond(_ => faults.Read()));
        control.MapPost("/faults", RespondAsync(AddFaultAsync));
        control.MapDelete("/faults", Respond(_ => Done(faults.Clear)));
        control.MapDelete("/faults/{id}", Respond(http => faults.Remove(Route(http, "id")) ? null : throw NotFound("id")));
        control.MapPost("/apps", RespondAsync(RegisterAppAsync));
        control.MapPost("/accounts/{name}/change-password", Respond(ChangePassword));
        control.MapGet("/requests", Respond(_ => requests.Read()));
        control.MapDelete("/requests", Respond(_ => Done(requests.Clear)));
        grantControl.Map(control);
    }

    /// <summary>Makes an endpoint of a function: what it returns is the JSON answer, null is 204.</summary>
    public static RequestDelegate RespondAsync(Func<HttpContext, Task<object?>> answer) => async http =>
    {
        try
        {
            if (await answer(http) is { } body)
            {
                await http.Response.WriteAsJsonAsync(body, body.GetType(), ControlJson.Options, http.RequestAborted);
                return;
            }

            http.Response.StatusCode = 204;
        }
        catch (ControlInputException invalid)
        {
            http.Response.StatusCode = 400;
            await http.Response.WriteAsJsonAsync(new ControlError(invalid.Field, invalid.Message), ControlJson.Options, http.RequestAborted);
        }
        catch (KeyNotFoundException unknown)
        {
            http.Response.StatusCode = 404;
            await http.Response.WriteAsJsonAsync(new ControlError(unknown.Message, "is not known"), ControlJson.Options, http.RequestAborted);
        }
    };

    public static RequestDelegate Respond(Func<HttpContext, object?> answer) => RespondAsync(http => Task.FromResult(answer(http)));

    public static string Route(HttpContext http, string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    public static KeyNotFoundException NotFound(string field) => new(field);

    private static object? Done(Action action)
    {
        action();
        return null;
    }

    private async Task<object?> ChangeSettingsAsync(HttpContext http)
    {
        var change = await ControlInput.ReadAsync<SimulatorSettingsChange>(http);
        SettingsChange.Check(change, directory);
        if (change.ClientSecret is { } secret)
        {
            apps.ChangeDefaultSecret(secret);
        }

        return settings.Change(current => SettingsChange.Apply(change, current));
    }

    private async Task<object?> AdvanceAsync(HttpContext http)
    {
        var by = (await ControlInput.ReadAsync<TimeAdvance>(http, "advance")).Advance;
        if (by < TimeSpan.Zero || by > FurthestAdvance)
        {
            throw new ControlInputException("advance", "must be between 00:00:00 and 3650.00:00:00");
        }

        clock.Advance(by);
        return new SimulatorState(clock.GetUtcNow(), settings.Current, counters.Read());
    }

    private async Task<object?> AddFaultAsync(HttpContext http)
    {
        var fault = await ControlInput.ReadAsync<Fault>(http, "kind", "endpoint");
        if (FaultValidation.FindError(fault) is { } error)
        {
            throw new ControlInputException(error.Field, error.Message);
        }

        return faults.Add(fault);
    }

    private async Task<object?> RegisterAppAsync(HttpContext http)
    {
        var app = await ControlInput.ReadAsync<AppToRegister>(http, "clientId", "clientSecret");
        if (app.ClientId.Length == 0)
        {
            throw new ControlInputException("clientId", "must not be empty");
        }

        if (app.ClientSecret.Length == 0)
        {
            throw new ControlInputException("clientSecret", "must not be empty");
        }

        if (app.RedirectUris?.All(OAuthApp.IsAbsoluteHttp) == false)
        {
            throw new ControlInputException("redirectUris", "must be absolute http or https URLs");
        }

        apps.Register(new OAuthApp(app.ClientId, app.ClientSecret, app.Name ?? app.ClientId, app.RedirectUris ?? []));
        return null;
    }

    private object? ChangePassword(HttpContext http)
    {
        grants.ChangePassword(directory.FindAccount(Route(http, "name")) ?? throw NotFound("name"));
        return null;
    }
}
