using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>A gateway that knows nothing of its site yet, and what its calls of v1 cost there.</summary>
internal sealed partial class CostWorld : IAsyncDisposable
{
    private readonly World _world;
    private readonly string _task;

    private static readonly (string Owner, string Key)[] Properties = [("pages/98305", "key-1"), ("pages/98305", "key-2"), ("spaces/98304", "key-1"), ("spaces/98304", "key-2")];

    private CostWorld(World world, string task)
    {
        _world = world;
        _task = task;
    }

    /// <summary>Starts one whose page and space have two properties.</summary>
    public static async Task<CostWorld> StartAsync(Stores stores)
    {
        var world = await World.ConnectedAsync(stores, "--Compatibility:V1=Always");
        foreach (var (owner, key) in Properties)
        {
            using var made = await world.Gateway.App.PostAsJsonAsync($"/confluence/demo/wiki/api/v2/{owner}/properties", new { key, value = 1 });
            Assert.True(made.IsSuccessStatusCode);
        }

        var tasks = await world.Gateway.App.GetFromJsonAsync<JsonElement>("/confluence/demo/wiki/api/v2/tasks");
        return new CostWorld(world, tasks.GetProperty("results")[2].GetProperty("id").GetString()!);
    }

    /// <summary>The calls that a call of v1 makes, sorted, such as <c>pages/{id}</c> and <c>POST pages</c>.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Below <c>/rest/api/</c>.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="time">1 for the first time, 2 for the second.</param>
    public async Task<IReadOnlyList<string>> CallsAsync(string method, string path, string body = "", int time = 1)
    {
        await _world.Atlassian.ClearRequestsAsync();
        var reply = await V1Reply.OfAsync(_world.Gateway.App, "demo", method, Filled(path, time), Filled(body, time));
        Assert.True((int)reply.Status is 200 or 204, reply.Text);
        return [.. (await _world.Atlassian.GetRequestsAsync()).Select(request => Name(request.Method, request.Target)).Order(StringComparer.Ordinal)];
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    private string Filled(string text, int time) => text.Replace("{n}", Text(time), StringComparison.Ordinal).Replace("{v}", Text(time + 1), StringComparison.Ordinal)
        .Replace("{8+n}", Text(time + 7), StringComparison.Ordinal).Replace("{task}", _task, StringComparison.Ordinal);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Name(string method, string target)
    {
        var path = target.Split('?')[0];
        var below = path[(path.IndexOf("/wiki/", StringComparison.Ordinal) + "/wiki/".Length)..];
        var named = Ids().Replace(below.StartsWith("api/v2/", StringComparison.Ordinal) ? below["api/v2/".Length..] : below, "/{id}");
        return method == "GET" ? named : $"{method} {named}";
    }

    [GeneratedRegex("/((att)?[0-9]+|[0-9a-f-]{36})(?=/|$)")]
    private static partial Regex Ids();
}
