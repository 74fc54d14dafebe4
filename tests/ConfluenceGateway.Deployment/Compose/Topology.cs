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
internal sealed class Topology : IAsyncDisposable
{
    private static readonly string Simulator = Path.Combine(Repository.Root, "src", "AtlassianSimulator", "bin", Configuration, "net10.0", "AtlassianSimulator.dll");
    private static readonly string[] Names = ["redis:6379", "simulator:8090", "gateway-1:8080", "gateway-1:8081", "gateway-2:8080", "gateway-2:8081", "balancer:8080", "prometheus:9090"];

    private readonly Dictionary<string, string> _places = Names.ToDictionary(name => name, _ => $"127.0.0.1:{Ports.Take()}");
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, RunningProgram> _running = [];
    private readonly ComposeFile _file = ComposeFile.Read();

    public HttpClient Client { get; } = new(new SocketsHttpHandler());

    /// <summary>Starts all but Grafana, and waits until each is ready.</summary>
    public static async Task<Topology> StartAsync(PublishedGateway published)
    {
        InstalledProgram.Require("redis-server", "nginx", "prometheus", "curl");
        var topology = new Topology();
        try
        {
            await topology.StartAllAsync(await published.PathAsync());
            return topology;
        }
        catch
        {
            await topology.DisposeAsync();
            throw;
        }
    }

    /// <summary>The URL of a service's port, such as <c>gateway-1:8081</c>.</summary>
    public string Url(string place) => $"http://{_places[place]}";

    /// <summary>Stops a service as Docker does.</summary>
    public Task StopAsync(string service) => _running[service].StopAsync();

    /// <summary>Runs the script that makes the connection <c>demo</c>, or <paramref name="id"/> in its place.</summary>
    public async Task ConnectAsync(string id = "demo")
    {
        var script = await WriteAsync($"connect-{id}.sh", In(_file.Content("connect")).Replace("demo", id, StringComparison.Ordinal));
        var connected = await InstalledProgram.RunAsync("sh", [script]);
        Assert.True(connected.ExitCode == 0, connected.Errors);
    }

    /// <summary>What Prometheus answers to a call of its API.</summary>
    public async Task<JsonElement> AskPrometheusAsync(string path) =>
        JsonDocument.Parse(await Client.GetStringAsync(Url("prometheus:9090") + "/api/v1/" + path)).RootElement.GetProperty("data");

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _running.Values)
        {
            await program.DisposeAsync();
        }

        Client.Dispose();
        _directory.Dispose();
    }

    private async Task StartAllAsync(string app)
    {
        _running["redis"] = RunningProgram.Start("redis-server", [.. _file.Services["redis"].Command.Skip(1), "--port", _places["redis:6379"].Split(':')[1], "--bind", "127.0.0.1", "--dir", _directory.Path]);
        _running["simulator"] = RunningProgram.Start("dotnet", [Simulator, .. _file.Services["simulator"].Command, $"--Simulator:Url={Url("simulator:8090")}", "--Simulator:MediaUrl=http://127.0.0.1:0"]);
        await _running["simulator"].AnswerAsync(Client, Url("simulator:8090") + "/_simulator/state");
        foreach (var gateway in new[] { "gateway-1", "gateway-2" })
        {
            _running[gateway] = RunningProgram.Start(Path.Combine(app, "ConfluenceGateway"), [], EnvironmentOf(gateway));
        }

        await _running["gateway-1"].AnswerAsync(Client, Url("gateway-1:8081") + "/health/ready");
        await _running["gateway-2"].AnswerAsync(Client, Url("gateway-2:8081") + "/health/ready");
        var nginx = await WriteAsync("nginx.conf", In(_file.Content("nginx")).Replace("listen 8080;", $"listen {_places["balancer:8080"]};", StringComparison.Ordinal));
        _running["balancer"] = RunningProgram.Start("nginx", ["-c", nginx, "-p", _directory.Path, "-g", $"daemon off; pid {_directory.Path}/nginx.pid; error_log stderr;"]);
        var rules = _file.Services["prometheus"].Volumes.Single().Split(':');
        var prometheus = await WriteAsync("prometheus.yml", In(_file.Content("prometheus"))
            .Replace(rules[1], Path.Combine(Repository.Root, rules[0]), StringComparison.Ordinal).Replace("5s", "1s", StringComparison.Ordinal));
        _running["prometheus"] = RunningProgram.Start(
            "prometheus", [$"--config.file={prometheus}", $"--storage.tsdb.path={_directory.Path}/tsdb", $"--web.listen-address={_places["prometheus:9090"]}"]);
        await _running["prometheus"].AnswerAsync(Client, Url("prometheus:9090") + "/-/ready");
    }

    private Dictionary<string, string> EnvironmentOf(string service)
    {
        var environment = new Dictionary<string, string>(Dockerfile.Environment);
        foreach (var (name, value) in _file.Services[service].Environment)
        {
            environment[name] = In(value);
        }

        environment["Listen__Traffic"] = Url($"{service}:8080");
        environment["Listen__Management"] = Url($"{service}:8081");
        environment["DOTNET_ROOT"] = ImageTests.RuntimeRoot;
        return environment;
    }

    private async Task<string> WriteAsync(string name, string content)
    {
        var path = Path.Combine(_directory.Path, name);
        await File.WriteAllTextAsync(path, content);
        return path;
    }

    private string In(string text) => _places.Aggregate(text, (changed, place) => changed.Replace(place.Key, place.Value, StringComparison.Ordinal));

    private static string Configuration =>
#if DEBUG
        "Debug";
#else
        "Release";
#endif
}
