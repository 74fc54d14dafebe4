using System.Diagnostics;
using System.Security.Cryptography;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A gateway within this process that fills a Redis with real records, encrypted grants among them, for gateways that are measured.</summary>
internal static class Store
{
    public const string AdminKey = "the-key-of-the-benchmark";

    /// <summary>As long as Atlassian's access tokens are: what goes with each request has its price.</summary>
    public static string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(1_185));

    private const int AtOnce = 256;

    /// <summary>The id of a connection; ids are all over the alphabet, as names of apps are.</summary>
    public static ConnectionId Id(int number) => ConnectionId.Parse($"{(char)('a' + number % 26)}-app-{number:d7}", null);

    /// <summary>The site of a connection.</summary>
    public static string CloudId(int number) => $"00000000-0000-4000-8000-{number:d12}";

    /// <summary>Settings of a gateway on that Redis.</summary>
    public static string[] Settings(RedisServer redis, string prefix, int traffic, int management, string authBaseUrl, string apiBaseUrl) =>
    [
        $"--Listen:Traffic=http://127.0.0.1:{traffic}", $"--Listen:Management=http://127.0.0.1:{management}", "--Listen:DrainDelay=00:00:00",
        $"--Redis:ConnectionString={redis.ConnectionString}", $"--Redis:KeyPrefix={prefix}", $"--Admin:ApiKey={AdminKey}", "--Atlassian:ClientId=benchmark",
        "--Atlassian:ClientSecret=unused", $"--Atlassian:AuthBaseUrl={authBaseUrl}", $"--Atlassian:ApiBaseUrl={apiBaseUrl}",
    ];

    /// <summary>A gateway within this process.</summary>
    /// <param name="redis">Its Redis.</param>
    /// <param name="prefix">What its keys begin with.</param>
    /// <param name="traffic">Where it listens; 0 anywhere.</param>
    /// <param name="upstream">Where Atlassian is. Nowhere, unless it is said: no grant is due within the run.</param>
    public static async Task<WebApplication> OpenAsync(RedisServer redis, string prefix, int traffic = 0, string upstream = "http://127.0.0.1:9", Action<WebApplicationBuilder>? configure = null)
    {
        var gateway = ConfluenceGateway.Program.Build(
            [.. Settings(redis, prefix, traffic, 0, upstream, upstream), "--Refresh:KeepAliveAfter=60.00:00:00"], builder =>
            {
                builder.Logging.ClearProviders();
                configure?.Invoke(builder);
            });
        await gateway.StartAsync();
        return gateway;
    }

    /// <summary>Makes connections by a gateway that is there for that alone.</summary>
    /// <param name="redis">The Redis that is to have them.</param>
    /// <param name="prefix">What its keys begin with.</param>
    /// <param name="connections">How many.</param>
    /// <param name="life">How long their tokens are good.</param>
    public static async Task MakeAsync(RedisServer redis, string prefix, int connections, TimeSpan life)
    {
        await using var gateway = await OpenAsync(redis, prefix);
        await FillAsync(gateway, connections, life);
    }

    /// <summary>Whether a connection of a varied store serves.</summary>
    public static bool IsAlive(int number) => number % 10 != 9 && number % 50 != 0;

    /// <summary>Makes connections that have consented, with tokens that are good for <paramref name="life"/>.</summary>
    /// <param name="gateway">The gateway that makes them.</param>
    /// <param name="connections">How many.</param>
    /// <param name="life">How long their tokens are good.</param>
    /// <param name="varied">Whether one in fifty is dead and one in ten was never connected, as there are in a store that is in use.</param>
    /// <returns>How long it took.</returns>
    public static async Task<TimeSpan> FillAsync(WebApplication gateway, int connections, TimeSpan life, bool varied = false)
    {
        var store = gateway.Services.GetRequiredService<ConnectionStore>();
        var grants = gateway.Services.GetRequiredService<GrantStore>();
        var now = TimeProvider.System.GetUtcNow();
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, connections), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            var site = $"https://site-{number % 40}.atlassian.net";
            await store.WriteAsync(Id(number), $"App number {number}", site, null, now);
            if (varied && number % 10 == 9)
            {
                return;
            }

            var pair = new TokenPair(new Secret(Token), new Secret($"refresh {number}"), now.AddMinutes(-59), now + life);
            await grants.ReplaceAsync(Id(number), pair, "benchmark", $"account {number % 500}", CloudId(number), site);
            if (varied && number % 50 == 0)
            {
                await grants.MarkDeadAsync(Id(number), pair.RefreshToken, 1, new GrantDeath(ReauthReason.Revoked, "403 unauthorized_client", now));
            }
        });
        return Stopwatch.GetElapsedTime(begun);
    }
}
