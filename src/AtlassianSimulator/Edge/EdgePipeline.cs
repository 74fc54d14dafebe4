using AtlassianSimulator.Control;
using AtlassianSimulator.Faults;

namespace AtlassianSimulator.Edge;

/// <summary>The way of a request through the edge: count, record, add headers, inject faults, then the endpoint.</summary>
internal sealed class EdgePipeline(RequestRecorder recorder, FaultInjection faults, Counters counters, SimulatorClock clock)
{
    public async Task RunAsync(HttpContext http, Func<Task> next)
    {
        await DispatchAsync(http, next);
        if (Connection.WasDropped(http))
        {
            http.Abort();
        }
    }

    private Task DispatchAsync(HttpContext http, Func<Task> next)
    {
        if (http.Request.Path.StartsWithSegments("/ex/confluence"))
        {
            counters.ConfluenceRequest();
            return RunApiAsync(http, FaultEndpoint.Confluence, next);
        }

        if (http.Request.Path.StartsWithSegments("/ex/jira"))
        {
            counters.JiraRequest();
            return RunApiAsync(http, FaultEndpoint.Jira, next);
        }

        if (http.Request.Path.StartsWithSegments("/_simulator"))
        {
            return next();
        }

        EdgeHeaders.AddTo(http);
        return http.Request.Path.Value switch
        {
            "/authorize" when HttpMethods.IsGet(http.Request.Method) => faults.RunAsync(http, FaultEndpoint.Authorize, next),
            "/oauth/token/accessible-resources" => faults.RunAsync(http, FaultEndpoint.AccessibleResources, next),
            _ => next(),
        };
    }

    private Task RunApiAsync(HttpContext http, FaultEndpoint endpoint, Func<Task> next)
    {
        EdgeHeaders.AddTo(http);
        if (endpoint == FaultEndpoint.Confluence)
        {
            EdgeHeaders.AddConfluenceTo(http, clock);
        }

        return recorder.RunAsync(http, () => faults.RunAsync(http, endpoint, next));
    }
}
