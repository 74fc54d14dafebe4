using AtlassianSimulator.Confluence.V1;
using AtlassianSimulator.Confluence.V2;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Confluence;

/// <summary>Maps operations under a site's path: admission, XSRF check, the work under the site's gate, the answer.</summary>
internal sealed class ConfluenceOperations(IEndpointRouteBuilder routes, ApiAdmission admission, ConfluenceSites sites, LiveSettings settings)
{
    /// <summary>A v2 operation; every answer names the site's base, also in a <c>Link</c> header.</summary>
    public void V2(string method, string path, string scope, Func<ConfluenceCall, ConfluenceAnswer> work) =>
        Map(method, $"/api/v2{path}", scope, isUpload: false, async call =>
        {
            call.Http.Response.Headers.Link = $"<{call.Site.Site.WikiBase}>; rel=\"base\"";
            await AnswerAsync(call, work);
        });

    public void V1(string method, string path, string scope, Func<ConfluenceCall, ConfluenceAnswer> work) =>
        Map(method, $"/rest/api{path}", scope, isUpload: false, call => AnswerAsync(call, work));

    /// <summary>A v1 operation that OAuth clients lost: 410, unless the simulator is told to serve it.</summary>
    public void RemovedV1(string method, string path, string scope, Func<ConfluenceCall, ConfluenceAnswer> work) =>
        V1(method, path, scope, call => settings.Current.RemovedV1 == AtlassianSimulator.RemovedV1.Served ? work(call) : throw V1Exception.Gone);

    public void Upload(string method, string path, string scope, Func<ConfluenceCall, Task> work) =>
        Map(method, $"/rest/api{path}", scope, isUpload: true, work);

    public void Raw(string method, string path, string? scope, Func<ConfluenceCall, Task> work) => Map(method, path, scope, isUpload: false, work);

    /// <summary>Whatever is left.</summary>
    public void Rest(Func<ConfluenceCall, Task> work) => routes.Map("/{**rest}", Handler(null, isUpload: false, work));

    private void Map(string method, string path, string? scope, bool isUpload, Func<ConfluenceCall, Task> work) =>
        routes.MapMethods(path, method == "GET" ? ["GET", "HEAD"] : [method], Handler(scope, isUpload, work));

    private RequestDelegate Handler(string? scope, bool isUpload, Func<ConfluenceCall, Task> work) => async http =>
    {
        if (await admission.AdmitAsync(http, "Confluence", scope) is not { } admitted)
        {
            return;
        }

        if (XsrfCheck.Fails(http.Request, isUpload))
        {
            await XsrfCheck.RefuseAsync(http);
            return;
        }

        try
        {
            var body = isUpload ? null : await BodyReader.ReadAsync(http);
            await work(new ConfluenceCall(http, admitted.Caller, sites[admitted.Site], body));
        }
        catch (V2Exception error)
        {
            await Json.WriteAsync(http, error.Body, error.Status);
        }
        catch (V1Exception error)
        {
            await Json.WriteAsync(http, error.Body, error.Status);
        }
    };

    private static Task AnswerAsync(ConfluenceCall call, Func<ConfluenceCall, ConfluenceAnswer> work)
    {
        ConfluenceAnswer answer;
        lock (call.Site.Gate)
        {
            answer = work(call);
        }

        if (answer.Location is { } location)
        {
            call.Http.Response.Headers.Location = location;
        }

        if (answer.Body is { } body)
        {
            return Json.WriteAsync(call.Http, body, answer.Status);
        }

        call.Http.Response.StatusCode = answer.Status;
        return Task.CompletedTask;
    }
}
