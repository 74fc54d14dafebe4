using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence.V1;

public sealed class ExpansionTests : ServedV1Test
{
    [Fact]
    public async Task Properties_are_named_and_given_whole_when_they_are_asked_for_by_key()
    {
        var named = (await GetAsync("content/98305?expand=metadata.properties"))["metadata"]!["properties"]!;
        Assert.Equal(
            """{"_expandable":{"editor":"/rest/api/content/98305/property/editor","review":"/rest/api/content/98305/property/review"}}""", named.ToJsonString());

        var given = (await GetAsync("content/98305?expand=metadata.properties.editor,metadata.properties.unknown"))["metadata"]!["properties"]!;
        Shape.Is(given, "editor:object", "_expandable:object");
        Assert.Equal((await GetAsync("content/98305/property/editor")).ToJsonString(), given["editor"]!.ToJsonString());
        Shape.Is(given["_expandable"], "review:string");
    }

    [Fact]
    public async Task The_history_tells_the_neighbours_of_the_version_shown()
    {
        const string Neighbours = "expand=history.previousVersion,history.nextVersion";

        var latest = (await GetAsync($"content/98305?{Neighbours}"))["history"]!;
        Assert.Equal((1, true), (latest["previousVersion"]!["number"]!.GetValue<int>(), latest["latest"]!.GetValue<bool>()));
        Assert.Null(latest["nextVersion"]);

        var first = (await GetAsync($"content/98305?status=historical&version=1&{Neighbours}"))["history"]!;
        Assert.Equal((2, false), (first["nextVersion"]!["number"]!.GetValue<int>(), first["latest"]!.GetValue<bool>()));
        Assert.Null(first["previousVersion"]);
    }

    [Fact]
    public async Task The_history_tells_who_has_contributed()
    {
        var publishers = (await GetAsync("content/98305/history?expand=contributors"))["contributors"]!["publishers"];

        Shape.Is(publishers, "users:array", "userKeys:array", "userAccountIds:array");
        Assert.Single(publishers!["users"]!.AsArray());
    }

    [Fact]
    public async Task Versions_are_expanded_by_their_content_and_collaborators()
    {
        var version = (await GetAsync("content/98305/version?expand=content,collaborators"))["results"]![1]!;

        Assert.Equal("historical", version["content"]!.Text("status"));
        Assert.Single(version["collaborators"]!["users"]!.AsArray());
        Assert.Empty(version["_expandable"]!.AsObject());
        Assert.Single((await GetAsync("content/98305?expand=version.collaborators"))["version"]!["collaborators"]!["users"]!.AsArray());
    }

    [Theory]
    [InlineData("98305", "page,comment,attachment")]
    [InlineData("98306", "page")]
    [InlineData("98345", "")]
    [InlineData("98340", "comment")]
    public async Task Child_types_tell_what_there_is(string id, string expected)
    {
        var types = (await GetAsync($"content/{id}?expand=childTypes.all"))["childTypes"]!;

        Shape.Is(types, "attachment:object", "comment:object", "page:object", "_expandable:object");
        Assert.All((string[])["attachment", "comment", "page"], type =>
            Assert.Equal(expected.Split(',').Contains(type), types[type]!["value"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Child_types_not_asked_for_are_expandable()
    {
        var types = (await GetAsync("content/98305?expand=childTypes.page"))["childTypes"]!;

        Shape.Is(types, "page:object", "_expandable:object");
        Assert.Equal("https://acme.atlassian.net/wiki/rest/api/content/98305/child/page", types["page"]!["_links"]!.Text("self"));
        Shape.Is(types["_expandable"], "all:string", "attachment:string", "comment:string");
    }

    [Fact]
    public async Task Restrictions_are_expanded_as_deep_as_asked()
    {
        var restrictions = (await GetAsync("content/98305?expand=restrictions.read.restrictions.user"))["restrictions"]!;

        Shape.Is(restrictions, "read:object", "_expandable:object", "_links:object");
        Shape.Is(restrictions["_expandable"], "update:string");
        Shape.Is(restrictions["read"]!["restrictions"], "user:object", "_expandable:object");
        Assert.Empty(restrictions["read"]!["restrictions"]!["user"]!["results"]!.AsArray());
    }

    [Fact]
    public async Task A_space_is_expanded_by_everything_v1_knows_of_it()
    {
        var space = await GetAsync("space/DEMO?expand=metadata.labels,operations,icon,description.plain,description.view,homepage,history,identifiers");

        Shape.Is(
            space, "id:number", "key:string", "alias:string", "name:string", "type:string", "status:string", "metadata:object", "operations:array", "icon:object",
            "description:object", "homepage:object", "history:object", "identifiers:object", "_expandable:object", "_links:object");
        Shape.Is(space["description"], "plain:object", "view:object", "_expandable:object");
        Shape.Is(space["history"], "createdDate:time", "createdBy:object");
        Assert.Equal("team-space", space["metadata"]!["labels"]!["results"]![0]!.Text("name"));
        Shape.Is(space["_expandable"], "settings:string", "lookAndFeel:string", "permissions:string", "theme:string");
    }

    [Fact]
    public async Task Expansions_reach_into_spaces_and_ancestors()
    {
        var content = await GetAsync("content/98306?expand=space.homepage,ancestors.version");

        Assert.Equal("98305", content["space"]!["homepage"]!.Text("id"));
        Assert.Equal(2, content["ancestors"]![0]!["version"]!["number"]!.GetValue<int>());
    }
}
