using System.Net;
using System.Text.Json;
using ConfluenceGateway.Deployment.Image;
using ConfluenceGateway.Deployment.Infrastructure;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Compose;

/// <summary>
/// What docker-compose.yml starts, started without containers: the same commands, variables, configurations and scripts, with addresses of
/// this machine in the place of the services' names.
/// </summary>
public sealed class TopologyTests(PublishedGateway published)
{
    private static readonly string Simulator = Path.Combine(Repository.Root, "src", "AtlassianSimulator", "bin", Configuration, "net10.0", "AtlassianSimulator.dll");

    [Fact]
    public async Task An_app_is_served_by_both_gateways_Prometheus_sees_them_and_one_may_stop()
    {
        InstalledProgram.Require("redis-server", "nginx", "prometheus", "curl");
        using var directory = new TemporaryDirectory();
        var file = ComposeFile.Read();
        var places = new Places();
        using var client = new HttpClient(new SocketsHttpHandler());

        await using var redis = RunningProgram.Start("redis-server", [.. file.Services["redis"].Command.Skip(1), "--port", places.Port("redis:6379"), "--bind", "127.0.0.1", "--dir", directory.Path]);
        await using var simulator = RunningProgram.Start("dotnet", [Simulator, .. file.Services["simulator"].Command, $"--Simulator:Url=http://{places.Of("simulator:8090")}", "--Simulator:MediaUrl=http://127.0.0.1:0"]);
        await simulator.AnswerAsync(client, $"http://{places.Of("simulator:8090")}/_simulator/state");
        await using var first = await StartAsync(file, places, "gateway-1");
        await using var second = await StartAsync(file, places, "gateway-2");
        await first.AnswerAsync(client, $"http://{places.Of("gateway-1:8081")}/health/ready");
        await second.AnswerAsync(client, $"http://{places.Of("gateway-2:8081")}/health/ready");
        var nginx = Path.Combine(directory.Path, "nginx.conf");
        await File.WriteAllTextAsync(nginx, places.In(file.Content("nginx")).Replace("listen 8080;", $"listen {places.Of("balancer:8080")};", StringComparison.Ordinal));
        await using var balancer = RunningProgram.Start("nginx", ["-c", nginx, "-p", directory.Path, "-g", $"daemon off; pid {directory.Path}/nginx.pid; error_log stderr;"]);
        var script = Path.Combine(directory.Path, "connect.sh");
        await File.WriteAllTextAsync(script, places.In(file.Content("connect")));

        // A second run finds it connected, as a second `docker compose up` does.
        for (var run = 0; run < 2; run++)
        {
            var connected = await InstalledProgram.RunAsync("sh", [script]);
            Assert.True(connected.ExitCode == 0, connected.Errors);
        }

        await AssertServedAsync(client, places, times: 20);
        foreach (var gateway in new[] { "gateway-1:8081", "gateway-2:8081" })
        {
            Assert.Contains("confluence_gateway_requests_total{product=\"confluence\",code=\"200\"}", await client.GetStringAsync($"http://{places.Of(gateway)}/metrics"), StringComparison.Ordinal);
        }

        await AssertIsWatchedAsync(file, places, client, directory.Path);
        await first.StopAsync();
        await AssertServedAsync(client, places, times: 20);
    }

    private static async Task AssertServedAsync(HttpClient client, Places places, int times)
    {
        for (var time = 0; time < times; time++)
        {
            // The README's and the file's own request.
            using var answer = await client.GetAsync($"http://{places.Of("balancer:8080")}/confluence/demo/wiki/api/v2/pages?limit=3");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    private static async Task AssertIsWatchedAsync(ComposeFile file, Places places, HttpClient client, string directory)
    {
        var rules = file.Services["prometheus"].Volumes.Single().Split(':');
        var configuration = Path.Combine(directory, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, places.In(file.Content("prometheus"))
            .Replace(rules[1], Path.Combine(Repository.Root, rules[0]), StringComparison.Ordinal).Replace("5s", "1s", StringComparison.Ordinal));
        var own = $"http://{places.Of("prometheus:9090")}";
        await using var prometheus = RunningProgram.Start(
            "prometheus", [$"--config.file={configuration}", $"--storage.tsdb.path={directory}/tsdb", $"--web.listen-address={places.Of("prometheus:9090")}"]);
        await prometheus.AnswerAsync(client, own + "/-/ready");

        await Eventually.TrueAsync(
            async () => (await AskAsync(client, own + "/api/v1/targets?state=active")).GetProperty("activeTargets").EnumerateArray().Count(target => target.GetProperty("health").GetString() == "up") == 2,
            "both gateways are scraped", TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(
            async () => (await RulesAsync(client, own)).All(rule => rule.GetProperty("health").GetString() == "ok"), "every rule was evaluated", TimeSpan.FromMinutes(2));
        Assert.NotEmpty(await RulesAsync(client, own));
    }

    private static async Task<IReadOnlyList<JsonElement>> RulesAsync(HttpClient client, string prometheus) =>
        [.. (await AskAsync(client, prometheus + "/api/v1/rules")).GetProperty("groups").EnumerateArray().SelectMany(group => group.GetProperty("rules").EnumerateArray())];

    private static async Task<JsonElement> AskAsync(HttpClient client, string url) => JsonDocument.Parse(await client.GetStringAsync(url)).RootElement.GetProperty("data");

    private async Task<RunningProgram> StartAsync(ComposeFile file, Places places, string service)
    {
        var environment = new Dictionary<string, string>(Dockerfile.Environment);
        foreach (var (name, value) in file.Services[service].Environment)
        {
            environment[name] = places.In(value);
        }

        environment["Listen__Traffic"] = $"http://{places.Of($"{service}:8080")}";
        environment["Listen__Management"] = $"http://{places.Of($"{service}:8081")}";
        environment["DOTNET_ROOT"] = ImageTests.RuntimeRoot;
        return RunningProgram.Start(Path.Combine(await published.PathAsync(), "ConfluenceGateway"), [], environment);
    }

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    /// <summary>Where the services are here: each of their addresses is a port of loopback.</summary>
    private sealed class Places
    {
        private static readonly string[] Names = ["redis:6379", "simulator:8090", "gateway-1:8080", "gateway-1:8081", "gateway-2:8080", "gateway-2:8081", "balancer:8080", "prometheus:9090"];

        private readonly Dictionary<string, string> _places = Names.ToDictionary(name => name, _ => $"127.0.0.1:{RunningProgram.FreePort()}");

        public string Of(string name) => _places[name];

        public string Port(string name) => _places[name].Split(':')[1];

        public string In(string text) => _places.Aggregate(text, (changed, place) => changed.Replace(place.Key, place.Value, StringComparison.Ordinal));
    }
}
