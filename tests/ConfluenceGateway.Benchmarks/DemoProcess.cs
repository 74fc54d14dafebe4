using System.Diagnostics;
using System.Reflection;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Benchmarks;

/// <summary>A gateway with a simulated Atlassian behind it, as a process of its own, whose connection has consented.</summary>
internal sealed class DemoProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DemoProcess(string[] settings)
    {
        var program = typeof(DemoProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "DemoProgram").Value!;
        var traffic = Ports.TakeAddress().OriginalString;
        App = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri($"{traffic}/confluence/demo/wiki/") };
        _process = Process.Start(new ProcessStartInfo(
            "dotnet", [program, $"--Listen:Traffic={traffic}", $"--Listen:Management={Ports.TakeAddress().OriginalString}", $"--Simulator:Url={Ports.TakeAddress().OriginalString}", $"--Simulator:MediaUrl={Ports.TakeAddress().OriginalString}", .. settings])
        {
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("generation 1", StringComparison.Ordinal) == true)
            {
                _connected.TrySetResult();
            }
        };
        _process.BeginOutputReadLine();
    }

    /// <summary>An app's client, whose paths go on from the wiki.</summary>
    public HttpClient App { get; }

    public static async Task<DemoProcess> StartAsync(params string[] settings)
    {
        var demo = new DemoProcess(settings);
        await demo._connected.Task.WaitAsync(Patience, TimeProvider.System);
        return demo;
    }

    public async ValueTask DisposeAsync()
    {
        App.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
