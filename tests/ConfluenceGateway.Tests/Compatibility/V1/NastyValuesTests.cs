using System.Text.Json;
using System.Web;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Whatever a caller puts into keys, ids, cursors and expansions, it stays the value it is, and within the connection's site.</summary>
public sealed class NastyValuesTests(Stores stores)
{
    private static readonly string[] Values =
    [
        "..", "../..", "../../../../22222222-2222-4222-8222-222222222222/wiki/api/v2/pages", "%2e%2e", "%2e%2e%2f%2e%2e", "%252e%252e%252f", "..%5c..", "a?status=trashed", "a#b", "a&status=trashed", "a&keys=ENG&limit=9",
        "a,b", "a b", "a+b", "a%0d%0aX-Injected:%20yes", "a%00b", "a%25", "%", "%zz", "%ff%fe", "%ud83d", "~user", "ü漢", "😀", "\"'<>{}|^`\\", ";x=1", "//evil.example.com/", "http://evil.example.com/", "@evil.example.com", ":80",
        new string('x', 3_000), string.Join('.', Enumerable.Repeat("space.homepage", 300)), string.Join(',', Enumerable.Repeat("children.page", 300)),
    ];

    private static readonly string[] InPath =
    [
        "content/{0}", "content/{0}/property", "content/98305/property/{0}", "content/98305/child/{0}", "content/att{0}/version/1", "space/{0}", "space/{0}/content", "space/{0}/content/page", "space/DEMO/content/{0}", "space/{0}/property",
        "space/DEMO/property/{0}", "inlinetasks/{0}",
    ];

    private static readonly string[] InQuery =
    [
        "content?spaceKey={0}", "content?title={0}", "content?orderby={0}", "content?type={0}", "content?status={0}", "content?start={0}", "content?limit={0}", "content?cursor={0}", "content?start=1&cursor=1:0:{0}", "content?expand={0}",
        "content/98305?expand={0}", "content/98305?expand=restrictions.{0}", "content/98305?expand=metadata.properties.{0}", "content/98305?version={0}", "content/98305?status={0}", "content/98305/child/comment?location={0}",
        "content/98305/child/comment?depth=all&expand={0}", "content/98305/child/attachment?filename={0}", "content/98305/child/attachment?mediaType={0}", "content/98305/label?prefix={0}", "content/98305/property?key={0}",
        "content/98305/property?start=1&cursor=1:0:{0}", "space?spaceKey={0}", "space?spaceId={0}", "space?label={0}", "space?type={0}", "space/DEMO?expand={0}", "space/DEMO/content?depth={0}", "inlinetasks/search?spaceKey={0}",
        "inlinetasks/search?assignee={0}", "inlinetasks/search?pageId={0}", "inlinetasks/search?duedateFrom={0}",
    ];

    private static readonly (string Path, string Body)[] InBody =
    [
        ("content", """{"type":"page","title":"x","space":{"key":VALUE}}"""), ("content", """{"type":"page","title":VALUE,"space":{"key":"DEMO"},"metadata":{"labels":[{"name":VALUE}],"properties":{VALUE:{"value":1}}}}"""),
        ("content", """{"type":"page","title":"x","space":{"key":"DEMO"},"ancestors":[{"id":VALUE}]}"""), ("content", """{"id":VALUE,"type":"page","title":"x","space":{"key":"DEMO"},"status":"current"}"""),
        ("content", """{"type":"comment","container":{"id":VALUE},"body":{"storage":{"value":"x"}}}"""), ("content", """{"type":"comment","container":{"id":"98305"},"ancestors":[{"id":VALUE}],"body":{"storage":{"value":"x"}}}"""),
        ("content/98305/property", """{"key":VALUE,"value":1}"""), ("space/DEMO/property", """{"key":VALUE,"value":1}"""), ("contentbody/convert/export_view", """{"value":VALUE,"representation":VALUE}"""),
    ];

    // What the gateway itself asks v2 with; a caller's value may be a value of these and nothing else.
    private static readonly HashSet<string> Parameters = new(StringComparer.Ordinal)
    {
        "limit", "cursor", "status", "space-id", "title", "sort", "body-format", "keys", "ids", "id", "labels", "type", "key", "filename", "mediaType", "version", "get-draft", "prefix", "depth", "description-format", "include-icon",
        "accountId", "expand", "start", "location", "next", "assigned-to", "page-id", "due-at-from", "purge", "draft",
    };

    [Fact]
    public async Task Nothing_leaves_the_site_and_no_value_becomes_a_parameter()
    {
        await using var site = await ScriptedSite.StartAsync(stores, Answer);
        var calls = InPath.SelectMany(path => Values.Select(value => string.Format(System.Globalization.CultureInfo.InvariantCulture, path, value.Replace("?", "%3f", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal))))
            .Concat(InPath.SelectMany(path => Values.Select(value => string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Uri.EscapeDataString(value)))))
            .Concat(InQuery.SelectMany(path => Values.Select(value => string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Uri.EscapeDataString(HttpUtility.UrlDecode(value))))))
            .Concat(InQuery.SelectMany(path => Values.Select(value => string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Uri.EscapeDataString(value)))));
        await using var connection = await RawConnection.OpenAsync(site.App.BaseAddress!);
        var answers = new Dictionary<int, int>();
        foreach (var call in calls.Distinct().Where(call => call.All(char.IsAscii)))
        {
            Count(await AskAsync(connection, $"GET /confluence/demo/wiki/rest/api/{call} HTTP/1.1\r\nHost: gateway\r\n\r\n"), call);
        }

        foreach (var (path, body) in InBody)
        {
            foreach (var value in Values.SelectMany(value => new[] { value, HttpUtility.UrlDecode(value) }).Distinct())
            {
                using var answer = await site.App.PostAsync($"/confluence/demo/wiki/rest/api/{path}", new StringContent(
                    body.Replace("VALUE", JsonSerializer.Serialize(value), StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json"));
                Count((int)answer.StatusCode, $"{path} {body} {value}");
            }
        }

        Assert.True(answers[200] > 500, $"{answers[200]} were answered with 200.");
        Assert.True(site.Asked.Count > 1_000, $"The site was asked {site.Asked.Count} times.");
        foreach (var asked in site.Asked.DistinctBy(asked => asked.Target))
        {
            var (path, query) = (asked.Target.Split('?')[0], asked.Target.Contains('?', StringComparison.Ordinal) ? asked.Target[asked.Target.IndexOf('?', StringComparison.Ordinal)..] : "");
            Assert.StartsWith(ScriptedSite.Prefix + "/wiki/", path, StringComparison.Ordinal);
            Assert.All(asked.Target, character => Assert.InRange(character, '!', '~'));
            if (IsForwarded(path))
            {
                continue;
            }

            Assert.DoesNotContain("..", path, StringComparison.Ordinal);
            Assert.DoesNotContain("#", asked.Target, StringComparison.Ordinal);
            var parameters = HttpUtility.ParseQueryString(query);
            Assert.True(parameters.AllKeys.All(name => Parameters.Contains(name ?? "")), asked.Target);
            Assert.True(parameters.AllKeys.All(name => parameters.GetValues(name)!.Length == 1 || name == "accountId"), asked.Target);
        }

        Assert.DoesNotContain(site.Gateway.Log.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));

        void Count(int status, string call)
        {
            Assert.True(status is not 500, call);
            answers[status] = answers.GetValueOrDefault(status) + 1;
        }
    }

    [Theory]
    [InlineData("~user", "keys=~user")]
    [InlineData("%7Euser", "keys=~user")]
    [InlineData("A%26limit%3D9", "keys=A%26limit%3D9")]
    public async Task A_key_of_a_space_is_looked_up_as_what_it_stands_for(string key, string lookup)
    {
        await using var site = await ScriptedSite.StartAsync(stores, Answer);

        using var answer = await site.App.GetAsync($"/confluence/demo/wiki/rest/api/space/{key}");

        Assert.Equal($"{ScriptedSite.Prefix}/wiki/api/v2/spaces?{lookup}&limit=1", Assert.Single(site.Asked).Target);
    }

    [Theory]
    [InlineData("a/b c ü")]
    [InlineData("50%")]
    [InlineData("a+b")]
    [InlineData("key?x=1&y#z")]
    public async Task A_key_of_a_property_may_hold_anything(string key)
    {
        await using var world = await World.ConnectedAsync(stores, "--Compatibility:V1=Always");
        var path = $"content/98305/property/{Uri.EscapeDataString(key)}";

        var made = await V1Reply.OfAsync(world.Gateway.App, "demo", "POST", "content/98305/property", JsonSerializer.Serialize(new { key, value = 1 }));
        var changed = await V1Reply.OfAsync(world.Gateway.App, "demo", "PUT", path, JsonSerializer.Serialize(new { key, value = 2, version = new { number = 2 } }));
        var read = await V1Reply.OfAsync(world.Gateway.App, "demo", "GET", path);
        var removed = await V1Reply.OfAsync(world.Gateway.App, "demo", "DELETE", path);

        Assert.True(made.Status == System.Net.HttpStatusCode.OK, made.Text);
        Assert.True(changed.Status == System.Net.HttpStatusCode.OK, changed.Text);
        Assert.Equal(key, read.Json!["key"]!.GetValue<string>());
        Assert.Equal(2, read.Json["value"]!.GetValue<int>());
        Assert.EndsWith("/rest/api/" + path, read.Json["_links"]!["self"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, removed.Status);
    }

    private static async Task<int> AskAsync(RawConnection connection, string request)
    {
        await connection.WriteAsync(System.Text.Encoding.ASCII.GetBytes(request));
        var head = await connection.ReadHeadAsync() ?? throw new InvalidOperationException("The gateway closed the connection: " + request);
        await connection.ReadBodyAsync(head, _ => { });
        return head.Status;
    }

    // What is none of the operations goes on byte for byte, as any request does.
    private static bool IsForwarded(string path) =>
        path.StartsWith(ScriptedSite.Prefix + "/wiki/rest/api/", StringComparison.Ordinal)
        && (path.Contains("/rest/api/content/", StringComparison.Ordinal) && !path.Contains("/descendant/", StringComparison.Ordinal) && !path.Contains("/restriction/", StringComparison.Ordinal)
            || path.Contains("/rest/api/space/", StringComparison.Ordinal) || path.Contains("/rest/api/inlinetasks/", StringComparison.Ordinal));

    private static SiteReply Answer(SiteRequest request) => request.Operation switch
    {
        "GET /api/v2/spaces" => new SiteReply(200, """{"results":[{"id":"5","key":"DEMO","name":"Demo","homepageId":"98305"}],"_links":{}}"""),
        "GET /api/v2/spaces/5" => new SiteReply(200, """{"id":"5","key":"DEMO","name":"Demo","homepageId":"98305"}"""),
        "POST /api/v2/pages" or "PUT /api/v2/pages/98305" or "GET /api/v2/pages/98305" => new SiteReply(200, """{"id":"98305","title":"x","status":"current","spaceId":"5","version":{"number":1,"authorId":"a"}}"""),
        "POST /api/v2/pages/98305/properties" or "POST /api/v2/spaces/5/properties" => new SiteReply(200, """{"id":"9","key":"x","value":1,"version":{"number":1}}"""),
        _ => new SiteReply(200, """{"id":"98305","status":"COMPLETED","asyncId":"1","results":[{"id":"98305","title":"x","status":"current","spaceId":"5"}],"_links":{}}"""),
    };
}
