using System.Net;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

public sealed class TaskTests : ServedV1Test
{
    private const string V1 = "inlinetasks";
    private const string V2 = "tasks";

    [Fact]
    public async Task Tasks_have_the_shapes_of_both_versions()
    {
        var v2 = (await GetV2Async($"{V2}?body-format=storage"))["results"]!.AsArray();
        Assert.All(v2, task => Shape.Is(
            task, "id:string", "localId:string", "spaceId:string", "pageId:string", "status:string", "body:object", "createdBy:string", "assignedTo:string?",
            "completedBy:string?", "createdAt:time", "updatedAt:time?", "dueAt:time?", "completedAt:time?"));
        Assert.Equal(["complete", "incomplete", "incomplete", "incomplete"], v2.Select(task => task!.Text("status")));
        Assert.Equal("Review the <strong>page tree</strong>", v2[1]!["body"]!["storage"]!.Text("value"));

        var v1 = await GetAsync($"{V1}/search");
        Shape.Is(v1, "results:array", "start:number", "limit:number", "size:number");
        string[] always =
        [
            "globalId:number", "id:number", "contentId:number", "status:string", "title:string", "body:string", "creator:string", "createDate:number",
        ];
        Shape.Is(v1["results"]![0], [.. always, "completeUser:string", "completeDate:number", "updateDate:number"]);
        Shape.Is(v1["results"]![1], [.. always, "assignee:string", "dueDate:number"]);
        Shape.Is(v1["results"]![2], always);
        Assert.Equal(v2.Select(task => task!.Text("id")), v1["results"]!.AsArray().Select(task => task!["globalId"]!.ToString()));
    }

    [Theory]
    [InlineData("", "", 4)]
    [InlineData("?status=complete", "?status=complete", 1)]
    [InlineData("?page-id=98305", "?pageId=98305", 3)]
    [InlineData("?page-id=98305&page-id=1", "?pageId=98305&pageId=1", 3)]
    [InlineData("?blogpost-id=98345", "?pageId=98345", 0)]
    [InlineData("?space-id=98304", "?spaceKey=DEMO", 3)]
    [InlineData("?assigned-to=712020:b0b00000-0000-4000-8000-000000000002", "?assignee=712020:b0b00000-0000-4000-8000-000000000002", 1)]
    [InlineData("?created-by=712020:b0b00000-0000-4000-8000-000000000002", "?creator=712020:b0b00000-0000-4000-8000-000000000002", 0)]
    [InlineData("?completed-by=712020:b0b00000-0000-4000-8000-000000000002", "?completedUser=712020:b0b00000-0000-4000-8000-000000000002", 1)]
    [InlineData("?due-at-from=0", "?duedateFrom=0", 1)]
    [InlineData("?due-at-to=1", "?duedateTo=1", 0)]
    [InlineData("?created-at-from=1", "?createdateFrom=1", 4)]
    [InlineData("?completed-at-to=9999999999999", "?completedateTo=9999999999999", 1)]
    public async Task Both_versions_filter_alike(string v2, string v1, int count)
    {
        Assert.Equal(count, (await GetV2Async(V2 + v2))["results"]!.AsArray().Count);
        Assert.Equal(count, (await GetAsync($"{V1}/search{v1}"))["results"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_task_is_addressed_by_the_same_id_and_ticked_off_in_both()
    {
        var id = (await GetV2Async(V2))["results"]![2]!.Text("id");

        var ticked = await V2Async(HttpMethod.Put, $"{V2}/{id}", new { status = "complete" }).ReadAsync();
        Assert.Equal("complete", ticked.Text("status"));
        Assert.NotNull(ticked["completedAt"]);
        Assert.Equal("complete", (await GetAsync($"{V1}/{id}")).Text("status"));

        var open = await SendAsync(HttpMethod.Put, $"{V1}/{id}", new { status = "incomplete" }).ReadAsync();
        Assert.False(open.AsObject().ContainsKey("completeDate"));
        Assert.Null((await GetV2Async($"{V2}/{id}"))["completedAt"]);
    }

    [Fact]
    public async Task A_task_that_is_not_there_or_a_status_that_is_none_is_refused()
    {
        var id = (await GetV2Async(V2))["results"]![0]!.Text("id");

        Assert.Equal(HttpStatusCode.NotFound, await V2Async(HttpMethod.Get, $"{V2}/1").StatusAsync());
        Assert.Equal(HttpStatusCode.NotFound, await SendAsync(HttpMethod.Get, $"{V1}/1").StatusAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await V2Async(HttpMethod.Put, $"{V2}/{id}", new { status = "done" }).StatusAsync());
        Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(HttpMethod.Put, $"{V1}/{id}", new { status = "done" }).StatusAsync());
    }
}
