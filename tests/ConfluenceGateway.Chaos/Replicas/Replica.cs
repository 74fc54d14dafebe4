using System.Diagnostics;
using System.Globalization;
using System.Net;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Chaos.Replicas;

/// <summary>One gateway as a process of its own, always on the same ports, that can be killed, paused and started again.</summary>
internal sealed class Replica : IAsyncDisposable
{
    public const string AdminKey = "cgwa_the-key-of-the-chaos";

    // Longer than the gateway makes anybody wait: who waits longer than this is not answered at all.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly string[] _settings;
    private ProgramRun? _process;

    public Replica(string name, IEnumerable<string> settings)
    {
        Name = name;
        var (traffic, management) = (Address(), Address());
        _settings = [$"--Listen:Traffic={traffic}", $"--Listen:Management={management}", "--Listen:DrainDelay=00:00:00", $"--Admin:ApiKey={AdminKey}", .. settings];
        App = Client(traffic);
        Operator = Client(management);
        Operator.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
    }

    public string Name { get; }

    /// <summary>A legacy app's client.</summary>
    public HttpClient App { get; }

    /// <summary>A client of the management listener with the admin key.</summary>
    public HttpClient Operator { get; }

    /// <summary>What it has written on its console.</summary>
    public string Output => _process!.Output;

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="more">Settings for this life alone.</param>
    public async Task StartAsync(params string[] more)
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = ProgramRun.Replica([.. _settings, .. more]);
        await _process.LineAsync("traffic");
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> EndedAsync() => _process!.ExitCodeAsync();

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process!.KillAsync();

    /// <summary>SIGSTOP: nothing of it runs, and its connections stay open.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    /// <summary>SIGCONT: it goes on and knows nothing of the time that has passed.</summary>
    public Task ResumeAsync() => SignalAsync("-CONT");

    /// <summary>The answer to a small request, as it comes.</summary>
    public Task<HttpResponseMessage> GetPageAsync(string connectionId) => App.GetAsync($"/confluence/{connectionId}/wiki/api/v2/pages?limit=1");

    /// <summary>The answer to an operator's wish to rotate now.</summary>
    public Task<HttpResponseMessage> RefreshAsync(string connectionId) => Operator.PostAsync($"/api/v1/connections/{connectionId}/refresh", null);

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        Operator.Dispose();
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static string Address() => $"http://127.0.0.1:{Ports.Take()}";

    private static HttpClient Client(string address) => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None })
    {
        BaseAddress = new Uri(address),
        Timeout = Patience,
    };
}
