using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A gateway as a process of its own with an upstream for large bodies, and what it holds in memory. Linux only.</summary>
internal sealed class LargeBodyGateway : IAsyncDisposable
{
    private const string AdminKey = "cgwa_the-key-of-the-large-bodies";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly RawUpstream _upstream = RawUpstream.Start(LargeBody.ServeAsync);
    private readonly string _directory = Directory.CreateTempSubdirectory("cgw-large-").FullName;
    private readonly Uri _traffic = Ports.TakeAddress();
    private readonly Uri _management = Ports.TakeAddress();
    private readonly Process _process;

    private LargeBodyGateway()
    {
        var program = typeof(LargeBodyGateway).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "GatewayProgram").Value!;
        _process = Process.Start(new ProcessStartInfo("dotnet",
        [
            program, $"--Listen:Traffic={_traffic.OriginalString}", $"--Listen:Management={_management.OriginalString}", $"--Embedded:DataDirectory={_directory}", $"--Admin:ApiKey={AdminKey}",
            "--Atlassian:ClientId=large", "--Atlassian:ClientSecret=bodies", $"--Atlassian:AuthBaseUrl={_upstream.Url}", $"--Atlassian:ApiBaseUrl={_upstream.Url}",
        ])
        {
            RedirectStandardOutput = true,
        })!;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
    }

    /// <summary>What of the process is in memory now (<c>VmRSS</c>), in bytes.</summary>
    public long ResidentBytes => Kilobytes("VmRSS:") * 1024;

    public static async Task<LargeBodyGateway> StartAsync()
    {
        var gateway = new LargeBodyGateway();
        try
        {
            await gateway.ConnectAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a body through the gateway and has the upstream tell what arrived.</summary>
    public async Task UpAsync(long length, Action<long>? progress = null)
    {
        await using var connection = await RawConnection.OpenAsync(_traffic);
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"POST /confluence/large/up HTTP/1.1\r\nHost: gateway\r\nContent-Length: {length}\r\n\r\n"));
        var sent = await LargeBody.WriteAsync(connection, length, progress);
        var told = new StringBuilder();
        var head = await connection.ReadHeadAsync() ?? throw new IOException("no answer");
        await connection.ReadBodyAsync(head, part => told.Append(Encoding.ASCII.GetString(part)));
        Compare($"{length} {sent}", told.ToString());
    }

    /// <summary>Has the upstream send a body through the gateway.</summary>
    public async Task DownAsync(long length, Action<long>? progress = null)
    {
        await using var connection = await RawConnection.OpenAsync(_traffic);
        await connection.WriteAsync(Encoding.ASCII.GetBytes($"GET /confluence/large/down?bytes={length} HTTP/1.1\r\nHost: gateway\r\n\r\n"));
        var head = await connection.ReadHeadAsync() ?? throw new IOException("no answer");
        var received = await LargeBody.ReadAsync(connection, head, progress);
        Compare($"{length} {await LargeBody.WriteAsync(new RawConnection(Stream.Null), length)}", received);
    }

    /// <summary>The most that is resident while <paramref name="work"/> goes on, in bytes.</summary>
    public async Task<long> PeakAsync(Func<Task> work)
    {
        var peak = ResidentBytes;
        var working = work();
        while (!working.IsCompleted)
        {
            await Task.WhenAny(working, Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System));
            peak = Math.Max(peak, ResidentBytes);
        }

        await working;
        return peak;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        await _upstream.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static void Compare(string sent, string arrived)
    {
        if (sent != arrived)
        {
            throw new InvalidDataException($"'{sent}' was sent and '{arrived}' arrived.");
        }
    }

    private async Task ConnectAsync()
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = _management };
        client.DefaultRequestHeaders.Authorization = new("Bearer", AdminKey);
        var waited = Stopwatch.StartNew();
        while (!await IsReadyAsync(client))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            if (waited.Elapsed > Patience)
            {
                throw new TimeoutException("The gateway is not ready.");
            }
        }

        using var made = await client.PutAsJsonAsync("/api/v1/connections/large", new { siteUrl = "https://acme.atlassian.net" });
        made.EnsureSuccessStatusCode();
        using var imported = await client.PostAsJsonAsync("/api/v1/connections/large/import", new { refreshToken = "the first token" });
        if (imported.StatusCode != HttpStatusCode.OK)
        {
            throw new InvalidOperationException(await imported.Content.ReadAsStringAsync());
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync("/health/ready");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private long Kilobytes(string field) => long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(':')[1].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
}
