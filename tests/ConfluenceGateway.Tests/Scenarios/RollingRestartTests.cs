using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>Three replicas behind a plain balancer that asks whether they are ready are restarted one after the other, and no app notices.</summary>
public sealed class RollingRestartTests
{
    private const int Replicas = 3;
    private const int Apps = 16;

    [Fact]
    public async Task No_request_fails_while_every_replica_is_restarted()
    {
        RedisProcess.Require();
        InstalledProgram.Require("haproxy");
        await using var redis = await RedisProcess.StartAsync();
        await using var world = await World.StartAsync(redis.ConnectionString);
        await world.Gateway.ConnectAsync("demo");
        await using var upstream = RawUpstream.Start(EchoAsync);
        (int Traffic, int Management)[] ports = [.. Enumerable.Range(0, Replicas).Select(_ => (Ports.Take(), Ports.Take()))];
        ProgramRun Start((int Traffic, int Management) port) => ProgramRun.Gateway(
        [
            .. world.Settings(), $"--Atlassian:ApiBaseUrl={upstream.Url}", $"--Listen:Traffic=http://127.0.0.1:{port.Traffic}",
            $"--Listen:Management=http://127.0.0.1:{port.Management}", "--Listen:DrainDelay=00:00:03",
        ]);
        var replicas = ports.Select(Start).ToArray();
        await using var balancer = await Haproxy.StartAsync(ports);
        try
        {
            await Task.WhenAll(replicas.Select(ReadyAsync));
            // It may have looked before they were.
            await Eventually.TrueAsync(async () => await ServesAsync(balancer.Url), "the balancer knows of one that is ready");
            await using var load = new Load(balancer.Url);
            for (var index = 0; index < Replicas; index++)
            {
                await Task.WhenAll(replicas.Select(HasServedAsync));
                await replicas[index].TerminateAsync();
                Assert.Equal(0, await replicas[index].ExitCodeAsync());
                await replicas[index].DisposeAsync();
                replicas[index] = Start(ports[index]);
            }

            await Task.WhenAll(replicas.Select(HasServedAsync));
            await load.EndAsync();

            Assert.True(load.Failures.IsEmpty, $"{load.Failures.Count} of {load.Served + load.Failures.Count} failed:\n{string.Join('\n', load.Failures.Take(10))}");
        }
        finally
        {
            foreach (var replica in replicas)
            {
                await replica.DisposeAsync();
            }
        }
    }

    private static async Task<bool> ServesAsync(Uri url)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = url };
        using var answer = await client.GetAsync("/confluence/demo/wiki/api/v2/pages");
        return answer.IsSuccessStatusCode;
    }

    private static async Task ReadyAsync(ProgramRun replica)
    {
        using var @operator = await replica.OperatorAsync(World.AdminKey);
        await Eventually.TrueAsync(async () => (await @operator.GetAsync("/health/ready")).IsSuccessStatusCode, "the replica is ready");
    }

    private static async Task HasServedAsync(ProgramRun replica)
    {
        using var @operator = await replica.OperatorAsync(World.AdminKey);
        await Eventually.TrueAsync(
            async () => (await @operator.GetStringAsync("/metrics")).Contains("confluence_gateway_requests_total{product=\"confluence\",code=\"200\"}", StringComparison.Ordinal),
            "the replica has served");
    }

    /// <summary>Answers with the hash of the body, after a while, so that there is always something under way.</summary>
    private static async Task EchoAsync(RawConnection connection)
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            if (head.ContentLength > 0 && await connection.ReadBodyAsync(head, hash.AppendData) is null)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(60)), TimeProvider.System);
            await connection.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n{Convert.ToHexString(hash.GetHashAndReset())}"));
        }
    }

    /// <summary>Apps that ask all the time, half of it with bodies.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly HttpClient _client;
        private readonly CancellationTokenSource _ending = new();
        private readonly Task[] _apps;
        private int _served;

        public Load(Uri url)
        {
            _client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = url, Timeout = TimeSpan.FromSeconds(30) };
            _apps = [.. Enumerable.Range(0, Apps).Select(app => AskAsync(new Random(app)))];
        }

        public ConcurrentQueue<string> Failures { get; } = new();

        public int Served => _served;

        public async Task EndAsync()
        {
            await _ending.CancelAsync();
            await Task.WhenAll(_apps);
        }

        public async ValueTask DisposeAsync()
        {
            await EndAsync();
            _client.Dispose();
            _ending.Dispose();
        }

        private async Task AskAsync(Random random)
        {
            while (!_ending.IsCancellationRequested)
            {
                var body = new byte[random.Next(2) == 0 ? 0 : random.Next(1, 200_000)];
                random.NextBytes(body);
                using var request = new HttpRequestMessage(body.Length == 0 ? HttpMethod.Get : HttpMethod.Post, "/confluence/demo/wiki/api/v2/pages");
                request.Content = body.Length == 0 ? null : new ByteArrayContent(body);
                try
                {
                    using var answer = await _client.SendAsync(request);
                    var text = await answer.Content.ReadAsStringAsync();
                    if (answer.StatusCode == HttpStatusCode.OK && text == Convert.ToHexString(SHA256.HashData(body)))
                    {
                        Interlocked.Increment(ref _served);
                    }
                    else
                    {
                        Failures.Enqueue($"{request.Method}: {(int)answer.StatusCode} {text}");
                    }
                }
                catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
                {
                    Failures.Enqueue($"{request.Method}: {exception.Message}");
                }
            }
        }
    }
}
