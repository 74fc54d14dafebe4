namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>What the gateway answers to reads by v2 is what v1 itself answers on the same data, but for the <see cref="Differences"/>.</summary>
public sealed class ReadContractTests(TwinConnections twins) : IClassFixture<TwinConnections>
{
    // A page with everything, one with children, a leaf, a comment, the answer to it, an inline comment, an attachment, a blog post, nothing, and a space's id.
    private static readonly string[] Ids = ["98305", "98306", "98307", "98340", "98341", "98343", "att98344", "98345", "1", "98304"];

    private static readonly string[] Expansions =
    [
        "body.storage", "body.view", "body.export_view", "body.atlas_doc_format", "body.storage,body.view", "body", "version", "space", "space.homepage,space.description.plain", "ancestors", "history",
        "history.lastUpdated", "history.previousVersion,history.nextVersion,history.contributors,history.lastOwnedBy", "container", "container.version", "children", "children.page", "children.comment",
        "children.attachment", "children.page.body.storage,children.comment.version", "metadata", "metadata.labels", "metadata.properties", "metadata.properties.editor", "operations", "restrictions",
        "restrictions.read.restrictions.user", "restrictions.update.restrictions.group", "extensions", "extensions.inlineProperties,extensions.resolution", "childTypes.all", "childTypes.page,childTypes.comment",
        "version.collaborators", "descendants.page", "descendants.comment", "unknown", "",
        "body.storage,version,space,ancestors,history.lastUpdated,container,children.page,children.comment,children.attachment,metadata.labels,metadata.properties.editor,operations,extensions",
    ];

    private static readonly string[] Below =
    [
        "history", "history?expand=lastUpdated,previousVersion,nextVersion,contributors", "child", "child?expand=page,comment,attachment", "child?expand=page.version",
        "child/page", "child/page?limit=2", "child/page?limit=2&start=2", "child/page?start=99", "child/page?expand=body.storage,version",
        "child/comment", "child/comment?depth=all", "child/comment?location=footer", "child/comment?location=inline", "child/comment?location=resolved", "child/comment?location=inline&location=footer",
        "child/comment?expand=body.view,container,version", "child/comment?limit=1", "child/comment?limit=2&start=1",
        "child/attachment", "child/attachment?filename=hello.txt", "child/attachment?filename=none", "child/attachment?mediaType=text/plain", "child/attachment?expand=version,container,metadata.labels",
        "version", "version?limit=1", "version?start=1", "version?expand=collaborators", "version/1", "version/9", "version/1?expand=collaborators",
        "property", "property?limit=1", "property?limit=1&start=1", "property?key=editor", "property/editor", "property/editor?expand=content", "property/none",
    ];

    private static readonly string[] Labels = ["label", "label?prefix=global", "label?prefix=my", "label?limit=1"];

    private static readonly string[] Versions =
        ["version=1&expand=body.storage,version,history", "version=2", "version=7", "status=historical&version=1", "status=trashed", "status=any", "status=draft", "status=current,draft", "status=none"];

    private static readonly string[] OfContent =
    [
        "content/98305/child/page?limit=x", "content/98305/child/page?start=-1", "content/98305/child/whiteboard",
        "content", "content?limit=3", "content?limit=3&start=3", "content?limit=0", "content?limit=250", "content?start=1000", "content?limit=x", "content?start=-1", "content?expand=body.storage,version&limit=5",
        "content?expand=body.view,metadata.labels&limit=3", "content?expand=ancestors,space,container&limit=4", "content?expand=children.comment,operations&limit=2", "content?type=page&spaceKey=ENG", "content?spaceKey=NONE", "content?title=Runbook", "content?title=None",
        "content?spaceKey=ENG&title=Runbook&expand=body.storage,version,ancestors,space", "content?type=blogpost", "content?type=blogpost&spaceKey=ENG&expand=body.storage,history", "content?type=attachment", "content?type=comment&expand=body.storage", "content?type=none",
        "content?status=current", "content?status=trashed", "content?status=any&limit=2", "content?status=none", "content?orderby=title&limit=4", "content?orderby=created%20desc&limit=4", "content?orderby=title%20asc&limit=2", "content?orderby=id%20desc&limit=2",
        "content?title=Getting%20started&expand=unknown", "content?unknown=1&limit=1", "content/98305?embeddedContentRender=current&trigger=viewed", "content/98305/child/page?parentVersion=1", "content/98306/child/comment", "content/98345/label", "content/98345/child/attachment",
    ];

    private static readonly string[] OfSpaces =
    [
        "space", "space?limit=1", "space?limit=1&start=1", "space?spaceKey=DEMO", "space?spaceKey=DEMO&spaceKey=ENG", "space?spaceKey=ENG,DEMO", "space?spaceKey=NONE", "space?type=global", "space?type=personal", "space?status=archived", "space?status=current", "space?label=team-space", "space?spaceId=98304", "space?spaceId=1",
        "space?expand=description.plain,homepage,icon,metadata.labels,operations,history", "space?expand=description.view", "space/DEMO", "space/NONE", "space/DEMO?expand=description.plain,description.view",
        "space/DEMO?expand=homepage.body.storage,homepage.version", "space/DEMO?expand=icon", "space/DEMO?expand=metadata.labels", "space/DEMO?expand=operations", "space/DEMO?expand=history", "space/ENG?expand=metadata",
        "space/DEMO/content", "space/DEMO/content?limit=2&depth=root", "space/DEMO/content?expand=version&limit=1", "space/DEMO/content/page", "space/DEMO/content/page?limit=3&start=3", "space/DEMO/content/page?depth=root", "space/DEMO/content/blogpost?expand=body.storage",
        "space/DEMO/content/none", "space/NONE/content", "space/NONE/content/page", "space/DEMO/property", "space/DEMO/property/none", "space/NONE/property", "space/NONE/property/none", "space/DEMO/property/colour", "space/DEMO/property/colour?expand=version", "space/DEMO/property/colour?expand=space", "space/DEMO/property?expand=version,space",
    ];

    private static readonly string[] OfTasks =
    [
        "inlinetasks/search", "inlinetasks/search?limit=1", "inlinetasks/search?limit=2&start=1", "inlinetasks/search?status=complete", "inlinetasks/search?spaceKey=ENG", "inlinetasks/search?spaceKey=NONE", "inlinetasks/search?pageId=98305",
        "inlinetasks/search?assignee=712020:b0b00000-0000-4000-8000-000000000002", "inlinetasks/search?creator=none", "inlinetasks/search?duedateFrom=1741000000000&duedateTo=1742000000000", "inlinetasks/search?createdateTo=1", "inlinetasks/search?completedUser=712020:b0b00000-0000-4000-8000-000000000002", "inlinetasks/search?completedateFrom=1&completedateTo=9999999999999", "inlinetasks/98353", "inlinetasks/98354", "inlinetasks/1",
    ];

    public static TheoryData<string> Calls =>
    [
        .. Ids.Select(id => $"content/{id}"),
        .. Ids.SelectMany(id => Expansions.Select(expand => $"content/{id}?expand={expand}")),
        .. Ids.SelectMany(id => Below.Select(below => $"content/{id}/{below}")),
        .. Ids.Where(id => !id.StartsWith("9834", StringComparison.Ordinal) || id == "98345").SelectMany(id => Labels.Select(label => $"content/{id}/{label}")),
        .. Ids.SelectMany(id => Versions.Select(query => $"content/{id}?{query}")),
        .. OfContent, .. OfSpaces, .. OfTasks,
    ];

    [Theory, MemberData(nameof(Calls))]
    public async Task A_read_is_answered_as_v1_answers_it(string path)
    {
        var expected = await V1Reply.OfAsync(twins.App, "forwarded", "GET", path);
        var actual = await V1Reply.OfAsync(twins.App, "translated", "GET", path);

        Assert.Empty(expected.Warnings);
        await V1Reply.AssertAlikeAsync("GET", path, expected, actual);
    }

    [Fact]
    public async Task HEAD_is_answered_like_GET_without_a_body()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/confluence/translated/wiki/rest/api/content/98305");
        using var answer = await twins.App.SendAsync(request);

        Assert.Equal((200, "application/json", true), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentLength > 1000));
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    public static TheoryData<string, string> Allowed => [.. Differences.All.Select(allowed => (allowed.Path, allowed.Shown))];

    [Theory, MemberData(nameof(Allowed))]
    public async Task Each_difference_is_there(string path, string shown)
    {
        var allowed = Differences.All.Single(difference => (difference.Path, difference.Shown) == (path, shown));
        Assert.NotEmpty(allowed.Why);

        var (expected, actual) = (await V1Reply.OfAsync(twins.App, "forwarded", "GET", shown), await V1Reply.OfAsync(twins.App, "translated", "GET", shown));

        Assert.Contains(JsonComparison.Of(expected.Json, actual.Json), difference => allowed.Covers(shown, difference));
    }

    [Theory]
    [InlineData("space/DEMO?expand=icon", "GET space/{key}")]
    [InlineData("space/DEMO/property/colour?expand=version", "GET space/{key}/property/{name}")]
    public async Task Each_departure_from_the_specification_is_there(string shown, string operation)
    {
        var departure = Differences.Schema.Single(allowed => allowed.Shown == shown);
        Assert.NotEmpty(departure.Why);

        var violations = await V1Schema.ViolationsAsync(operation, (await V1Reply.OfAsync(twins.App, "translated", "GET", shown)).Text);

        Assert.Contains(violations, violation => System.Text.RegularExpressions.Regex.IsMatch(violation, departure.Path));
    }

    [Fact]
    public async Task The_comparison_finds_what_is_not_allowed()
    {
        const string Call = "content/98305?expand=version,body.storage,metadata.labels,history";
        var reply = await V1Reply.OfAsync(twins.App, "translated", "GET", Call);

        Assert.Empty(JsonComparison.Of(reply.Json, reply.Json));
        foreach (var (was, becomes) in new[]
        {
            ("\"title\":\"Demonstration Home\"", "\"title\":\"Another\""), ("\"number\":2", "\"number\":3"), ("\"status\":\"current\",", ""), ("\"extensions\":{\"position\":0}", "\"extensions\":{}"),
            ("\"storage\":", "\"lost\":"), ("\"labels\":{", "\"lost\":{"), ("\"tinyui\":", "\"lost\":"), ("\"ownedBy\":", "\"lost\":"), ("\"minorEdit\":", "\"lost\":"), ("\"space\":\"/rest/api/space/DEMO\"", "\"space\":\"\""),
        })
        {
            Assert.Contains(was, reply.Text, StringComparison.Ordinal);
            var changed = System.Text.Json.Nodes.JsonNode.Parse(reply.Text.Replace(was, becomes, StringComparison.Ordinal));
            Assert.Contains(JsonComparison.Of(reply.Json, changed), difference => !Differences.Allow(Call, difference) && difference.Expected is not null);
        }

        Assert.NotEmpty(await V1Schema.ViolationsAsync("GET content/{id}", reply.Text.Replace("\"status\":\"current\",", "", StringComparison.Ordinal)));
        Assert.NotEmpty(await V1Schema.ViolationsAsync("GET content/{id}", reply.Text.Replace("\"number\":2", "\"number\":\"2\"", StringComparison.Ordinal)));
    }
}
