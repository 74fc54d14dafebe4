using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>Edits that must not undo those of others.</summary>
public sealed class EditTests(Stores stores)
{
    [Theory, EveryStore]
    public async Task Of_two_operators_who_edit_what_they_saw_the_second_is_told(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        var seen = await ETagAsync(world, "demo");

        using var first = await SendAsync(world, HttpMethod.Put, "demo", ifMatch: seen, displayName: "First");
        using var second = await SendAsync(world, HttpMethod.Put, "demo", ifMatch: seen, displayName: "Second");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.NotEqual(seen, first.Headers.ETag!.ToString());
        await second.ProblemAsync(HttpStatusCode.PreconditionFailed, "precondition-failed");
        Assert.Equal("First", (await world.Gateway.ShowAsync("demo")).GetProperty("displayName").GetString());
    }

    [Fact]
    public async Task A_rotation_is_no_edit_and_a_pause_is_one()
    {
        await using var world = await World.ConnectedAsync(stores);
        var seen = await ETagAsync(world, "demo");

        using var refreshed = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/refresh", null);
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
        Assert.Equal(seen, await ETagAsync(world, "demo"));

        using var paused = await world.Gateway.Operator.PostAsync("/api/v1/connections/demo/pause", null);
        Assert.NotEqual(seen, await ETagAsync(world, "demo"));
    }

    [Theory]
    [InlineData("*", null, HttpStatusCode.OK)]
    [InlineData("\"999\"", null, HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"1\"", null, HttpStatusCode.PreconditionFailed)]
    [InlineData("\"999\", \"1\"", null, HttpStatusCode.OK)]
    [InlineData("\"other\"", null, HttpStatusCode.PreconditionFailed)]
    [InlineData("one", null, HttpStatusCode.BadRequest)]
    [InlineData(null, "*", HttpStatusCode.PreconditionFailed)]
    [InlineData(null, "\"1\"", HttpStatusCode.BadRequest)]
    [InlineData("\"1\"", "*", HttpStatusCode.BadRequest)]
    public async Task An_edit_is_made_when_what_it_demands_holds(string? ifMatch, string? ifNoneMatch, HttpStatusCode status)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.CreateAsync("demo");

        using var answer = await SendAsync(world, HttpMethod.Put, "demo", ifMatch, ifNoneMatch, "Renamed");

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(status == HttpStatusCode.OK ? "Renamed" : "demo", (await world.Gateway.ShowAsync("demo")).GetProperty("displayName").GetString());
    }

    [Theory]
    [InlineData("*", null, HttpStatusCode.PreconditionFailed)]
    [InlineData("\"1\"", null, HttpStatusCode.PreconditionFailed)]
    [InlineData(null, "*", HttpStatusCode.Created)]
    public async Task A_connection_that_is_not_there_is_made_when_nothing_else_is_demanded(string? ifMatch, string? ifNoneMatch, HttpStatusCode status)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

        using var answer = await SendAsync(world, HttpMethod.Put, "demo", ifMatch, ifNoneMatch);

        Assert.Equal(status, answer.StatusCode);
        var list = await world.Gateway.Operator.GetFromJsonAsync<JsonElement>("/api/v1/connections");
        Assert.Equal(status == HttpStatusCode.Created ? 1 : 0, list.GetProperty("total").GetInt32());
    }

    [Theory, EveryStore]
    public async Task A_deletion_of_what_has_changed_is_refused(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        await world.Gateway.CreateAsync("demo");
        var seen = await ETagAsync(world, "demo");
        using var edited = await SendAsync(world, HttpMethod.Put, "demo", displayName: "Renamed");

        using var refused = await SendAsync(world, HttpMethod.Delete, "demo", ifMatch: seen);
        await refused.ProblemAsync(HttpStatusCode.PreconditionFailed, "precondition-failed");
        using var deleted = await SendAsync(world, HttpMethod.Delete, "demo", ifMatch: edited.Headers.ETag!.ToString());

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
    }

    private static async Task<string> ETagAsync(World world, string id)
    {
        using var answer = await world.Gateway.Operator.GetAsync($"/api/v1/connections/{id}");
        return answer.Headers.ETag!.ToString();
    }

    private static async Task<HttpResponseMessage> SendAsync(
        World world, HttpMethod method, string id, string? ifMatch = null, string? ifNoneMatch = null, string? displayName = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/v1/connections/{id}");
        if (method == HttpMethod.Put)
        {
            request.Content = JsonContent.Create(displayName is null ? new { } : (object)new { displayName });
        }

        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (ifNoneMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", ifNoneMatch);
        }

        return await world.Gateway.Operator.SendAsync(request);
    }
}
