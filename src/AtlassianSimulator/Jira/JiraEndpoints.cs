using System.Text.Json.Nodes;
using AtlassianSimulator.Accounts;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.Jira;

/// <summary>A small Jira behind the same grants: who am I, a search, an issue.</summary>
internal sealed class JiraEndpoints(ApiAdmission admission)
{
    private const string ReadUser = "read:jira-user";
    private const string ReadWork = "read:jira-work";

    public void Map(IEndpointRouteBuilder routes)
    {
        var jira = routes.MapGroup("/ex/jira/{cloudId}");
        jira.MapGet("/rest/api/3/myself", Admit(ReadUser, (http, admitted) => Json.WriteAsync(http, User(admitted.Caller, admitted.Site))));
        jira.MapGet("/rest/api/3/search", Admit(ReadWork, SearchAsync));
        jira.MapGet("/rest/api/3/issue/{key}", Admit(ReadWork, IssueAsync));
        jira.Map("/{**rest}", Admit(null, (http, _) => Json.WriteAsync(http, new JsonObject { ["message"] = "No endpoint", ["status-code"] = 404 }, 404)));
    }

    private RequestDelegate Admit(string? scope, Func<HttpContext, Admitted, Task> answer) => async http =>
    {
        if (await admission.AdmitAsync(http, "Jira", scope) is { } admitted)
        {
            await answer(http, admitted);
        }
    };

    private static Task SearchAsync(HttpContext http, Admitted admitted)
    {
        var start = Number(http.Request.Query["startAt"], 0);
        var most = Math.Min(Number(http.Request.Query["maxResults"], 50), 100);
        var issues = Issues.Skip(start).Take(most).Select(issue => Issue(issue, admitted)).ToArray<JsonNode?>();
        return Json.WriteAsync(http, new JsonObject
        {
            ["expand"] = "schema,names",
            ["startAt"] = start,
            ["maxResults"] = most,
            ["total"] = Issues.Count,
            ["issues"] = new JsonArray(issues),
        });
    }

    private static Task IssueAsync(HttpContext http, Admitted admitted)
    {
        var wanted = http.Request.RouteValues["key"]?.ToString();
        var issue = Issues.FirstOrDefault(known => known.Key == wanted || known.Id == wanted);
        return issue.Key is null
            ? Json.WriteAsync(http, new JsonObject
            {
                ["errorMessages"] = new JsonArray("Issue does not exist or you do not have permission to see it."),
                ["errors"] = new JsonObject(),
            }, 404)
            : Json.WriteAsync(http, Issue(issue, admitted));
    }

    private static IReadOnlyList<(string Id, string Key, string Summary)> Issues { get; } =
        [.. Enumerable.Range(1, 12).Select(number => ($"{10000 + number}", $"DEMO-{number}", $"Demo task {number}"))];

    private static JsonObject Issue((string Id, string Key, string Summary) issue, Admitted admitted) => new()
    {
        ["expand"] = "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations",
        ["id"] = issue.Id,
        ["self"] = $"{ApiBase(admitted.Site)}/issue/{issue.Id}",
        ["key"] = issue.Key,
        ["fields"] = new JsonObject
        {
            ["summary"] = issue.Summary,
            ["status"] = new JsonObject { ["name"] = "To Do", ["id"] = "10000" },
            ["assignee"] = User(admitted.Caller, admitted.Site),
        },
    };

    private static JsonObject User(Account account, Site site) => new()
    {
        ["self"] = $"{ApiBase(site)}/user?accountId={account.AccountId}",
        ["accountId"] = account.AccountId,
        ["accountType"] = "atlassian",
        ["emailAddress"] = account.Email,
        ["displayName"] = account.DisplayName,
        ["active"] = true,
        ["timeZone"] = "Etc/UTC",
        ["locale"] = "en_US",
    };

    // Unlike Confluence, Jira's self links name the API address.
    private static string ApiBase(Site site) => $"https://api.atlassian.com/ex/jira/{site.CloudId}/rest/api/3";

    private static int Number(string? text, int standard) => int.TryParse(text, out var number) && number >= 0 ? number : standard;
}
