using System.Security.Cryptography;
using System.Text.Json;
using AtlassianSimulator.Control;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Compatibility.V1;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>How a client is told where its connection is.</summary>
public enum BaseUrl
{
    /// <summary><c>http://gateway/confluence/demo</c>.</summary>
    Path,

    /// <summary><c>http://demo.gateway.localhost</c>.</summary>
    Host,
}

/// <summary>
/// A gateway that a client uses with two connections: <c>demo</c>, whose tokens rotate every few seconds, and <c>doomed</c>
/// on another site, whose grant is revoked meanwhile. Time is the real one.
/// </summary>
internal sealed class ClientTour : IAsyncDisposable
{
    // Inline tasks alone want scopes of their own in v1.
    private static readonly string Scopes = $"{new AtlassianOptions().Scopes} read:inlinetask:confluence write:inlinetask:confluence";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _folder = new();
    private readonly World _world;
    private readonly BaseUrl _form;
    private readonly byte[] _bytes = RandomNumberGenerator.GetBytes(20_000);

    private ClientTour(World world, BaseUrl form)
    {
        _world = world;
        _form = form;
        FilePath = Path.Combine(_folder.Path, "attached file.bin");
        File.WriteAllBytes(FilePath, _bytes);
    }

    /// <summary>A title of this run's own.</summary>
    public const string Run = "Made by a client";

    /// <summary>A file to attach.</summary>
    public string FilePath { get; }

    public string FileSha256 => Convert.ToHexString(SHA256.HashData(_bytes));

    public string Folder => _folder.Path;

    public World World => _world;

    /// <param name="stores">The stores of the run.</param>
    /// <param name="form">How the client is told where the connections are.</param>
    public static async Task<ClientTour> StartAsync(Stores stores, BaseUrl form)
    {
        var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, "--Routing:HostSuffix=gateway.localhost", "--Refresh:Skew=00:00:02", "--Refresh:Ahead=00:00:02", $"--Atlassian:Scopes={Scopes}");
        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { AccessTokenLifetime = TimeSpan.FromSeconds(5) });
        await world.Gateway.ConnectAsync("demo");
        await world.Gateway.ConnectAsync("doomed", "https://globex.atlassian.net");
        await world.Atlassian.ClearRequestsAsync();
        return new ClientTour(world, form);
    }

    /// <summary>The base URL to configure, without <c>/wiki</c>.</summary>
    public string BaseUrlOf(string connection)
    {
        var gateway = _world.Gateway.App.BaseAddress!;
        return _form == BaseUrl.Path ? $"{gateway}confluence/{connection}" : $"http://{connection}.gateway.localhost:{gateway.Port}";
    }

    /// <summary>Takes a Node client on its tour and revokes the doomed connection's grant on the way.</summary>
    /// <param name="script">Below <c>tests/clients</c>.</param>
    /// <param name="wiki"><c>/wiki</c> for a client that wants it in its base URL.</param>
    /// <param name="atOnce">How many requests the client sends at a time.</param>
    /// <param name="refused">What Confluence refuses the client with good reason: <c>404 GET /path</c>.</param>
    /// <returns>What the script saw.</returns>
    public async Task<JsonElement> TakeAsync(string script, string wiki = "", int atOnce = 1, params string[] refused)
    {
        var client = NodeClients.RunAsync(script, new Dictionary<string, string>
        {
            ["BASE_URL"] = BaseUrlOf("demo") + wiki,
            ["DOOMED_URL"] = BaseUrlOf("doomed") + wiki,
            ["FILE"] = FilePath,
            ["RUN"] = Run,
        });
        var revocation = RotateAndRevokeAsync();
        // A client that fails says more than what it did not come to.
        await await Task.WhenAny(client, revocation);
        await Task.WhenAll(client, revocation);
        await AssertUpstreamAsync(atOnce, refused);
        return await client;
    }

    /// <summary>Waits until the client has used both connections and a token rotated under it, and revokes the doomed one's grant.</summary>
    public async Task RotateAndRevokeAsync()
    {
        await Eventually.TrueAsync(async () => (await _world.Gateway.StoredGrantAsync("demo")).Generation > 1, "a token rotates under the client", Patience);
        await Eventually.TrueAsync(async () => (await RequestsAsync(World.GlobexCloudId)).Count > 0, "the client uses the doomed connection", Patience);
        var doomed = (await _world.Atlassian.GetGrantsAsync())[^1].Id;
        await _world.Atlassian.RevokeGrantAsync(doomed);
        await _world.Atlassian.ExpireAccessTokensAsync(doomed);
    }

    /// <summary>What the client sent arrived at its connection's site, with the gateway's credentials alone, and nothing failed there.</summary>
    /// <param name="atOnce">How many requests the client sends at a time.</param>
    /// <param name="refused">What Confluence refuses the client with good reason: <c>404 GET /path</c>.</param>
    public async Task AssertUpstreamAsync(int atOnce = 1, params string[] refused)
    {
        var all = await _world.Atlassian.GetRequestsAsync();
        Assert.All(all, request => Assert.Matches($"^/ex/confluence/({World.AcmeCloudId}|{World.GlobexCloudId})/", request.Target));
        Assert.All(all, request => Assert.StartsWith("Bearer sha256:", Header(request, "Authorization"), StringComparison.Ordinal));
        var told = (await RequestsAsync(World.AcmeCloudId)).Where(request => !Succeeded(request)).Select(Told);
        Assert.Equal(refused.Order(), told.Select(line => line.Replace($"/ex/confluence/{World.AcmeCloudId}", "", StringComparison.Ordinal)).Distinct().Order());
        // An operation of v1 that Atlassian removed is asked for until the first answer; v2 serves the rest.
        Assert.All(all.Where(request => request.Status == 410).GroupBy(RemovedOperation), requests => Assert.InRange(requests.Count(), 1, atOnce));
        Assert.True((await _world.Gateway.StoredGrantAsync("demo")).Generation > 1);
    }

    /// <summary>The client listed the spaces and, page after page, all pages; it read one, made one and wrote it again.</summary>
    public static void AssertReadAndWritten(JsonElement seen)
    {
        Assert.Contains("DEMO", seen.GetProperty("spaces").Deserialize<string[]>()!);
        Assert.Equal(31, seen.GetProperty("pages").Deserialize<string[]>()!.Distinct().Count());
        Assert.Equal("Demonstration Home", seen.GetProperty("read").GetString());
        Assert.Equal("<p>second</p>", seen.GetProperty("updated").GetString());
    }

    /// <summary>The client shows its user that the grant is dead, and the way back.</summary>
    public static void AssertTold(JsonElement refusal)
    {
        Assert.Equal(401, refusal.GetProperty("status").GetInt32());
        var body = refusal.GetProperty("body");
        Assert.Equal("Atlassian no longer accepts the grant of 'doomed'. Open the reconnectUrl in a browser and consent again.", body.GetProperty("message").GetString());
        Assert.Contains("/connect/doomed?ticket=", body.GetProperty("reconnectUrl").GetString(), StringComparison.Ordinal);
    }

    /// <summary>The bodies of the pages with this title, as they are now.</summary>
    public async Task<string> PageAsync(string title) =>
        await _world.Gateway.App.GetStringAsync($"/confluence/demo/wiki/api/v2/pages?body-format=storage&title={Uri.EscapeDataString(title)}");

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<List<RecordedRequest>> RequestsAsync(string cloudId) =>
        [.. (await _world.Atlassian.GetRequestsAsync()).Where(request => request.Target.StartsWith($"/ex/confluence/{cloudId}/", StringComparison.Ordinal))];

    // A token may end on its way; the gateway answers that 401 with another token.
    private static bool Succeeded(RecordedRequest request) => request.Status is >= 200 and < 400 or 401 or 410;

    private static string RemovedOperation(RecordedRequest request)
    {
        var path = request.Target.Split('?')[0].Split('/', 5);
        var match = V1Operations.Find(request.Method, $"/{path[4]}");
        Assert.True(match is not null, Told(request));
        return $"{path[3]} {match.Operation.Name}";
    }

    private static string Told(RecordedRequest request) => $"{request.Status} {request.Method} {request.Target.Split('?')[0]}";

    private static string Header(RecordedRequest request, string name) =>
        Assert.Single(request.Headers, header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
