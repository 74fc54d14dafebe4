using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>A space with a thousand pages, of which every tenth is there to be removed, and a gateway in front of it.</summary>
public sealed class ThousandPages(Stores stores) : IAsyncLifetime
{
    public const int Count = 1000;

    private const string Always = "--Compatibility:V1=Always";

    // Which fifth of the list the next removal is from: before and behind whoever reads.
    private static readonly int[] Fifths = [2, 0, 4, 1, 3];

    private readonly Queue<string> _removable = new();
    private World? _world;
    private int _added;

    internal World World => _world!;

    internal HttpClient App => World.Gateway.App;

    /// <summary>The space's id.</summary>
    internal string SpaceId { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _world = await World.ConnectedAsync(stores, Always);
        var space = (await App.GetFromJsonAsync<JsonElement>("/confluence/demo/wiki/api/v2/spaces?keys=ENG")).GetProperty("results")[0];
        SpaceId = space.GetProperty("id").GetString()!;
        await Parallel.ForAsync((await IdsAsync()).Count, Count, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) => await AddAsync());
        // From all over the list, so that each test removes some near its beginning and some near its end; each is the last of a page.
        var last = (await IdsAsync()).Index().Where(page => page.Index % 10 == 9).Select(page => page.Item).ToList();
        foreach (var index in Enumerable.Range(0, 20).SelectMany(first => Fifths.Select(fifth => first + fifth * 20)))
        {
            _removable.Enqueue(last[index]);
        }
    }

    /// <summary>A replica that knows nothing yet.</summary>
    internal Task<TestGateway> AddReplicaAsync() => World.AddGatewayAsync(Always);

    /// <summary>The ids of all pages, in v2's order.</summary>
    internal async Task<IReadOnlyList<string>> IdsAsync()
    {
        var ids = new List<string>();
        for (var path = $"/wiki/api/v2/spaces/{SpaceId}/pages?status=current&limit=250"; path is not null;)
        {
            using var response = await App.GetAsync("/confluence/demo" + path);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
            ids.AddRange(answer.GetProperty("results").EnumerateArray().Select(page => page.GetProperty("id").GetString()!));
            path = answer.GetProperty("_links").TryGetProperty("next", out var next) ? next.GetString() : null;
        }

        return ids;
    }

    /// <summary>Adds a page at the end.</summary>
    internal async Task AddAsync()
    {
        using var made = await App.PostAsJsonAsync("/confluence/demo/wiki/api/v2/pages", new { spaceId = SpaceId, status = "current", title = $"Page {Interlocked.Increment(ref _added)}" });
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync());
    }

    /// <summary>The five pages that the next five removals take.</summary>
    internal IReadOnlySet<string> NextToGo() => _removable.Take(5).ToHashSet();

    /// <summary>Removes one page and adds another.</summary>
    internal async Task ChangeAsync()
    {
        using var removed = await App.DeleteAsync($"/confluence/demo/wiki/api/v2/pages/{_removable.Dequeue()}");
        Assert.True(removed.IsSuccessStatusCode);
        await AddAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }
}
