using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Benchmarks;

/// <summary>
/// How long operators wait for lists, searches and the overview when there are many connections, beside a gateway on the same Redis that
/// has few. The connections are real records, encrypted grants among them; one in fifty is dead, one in ten was never connected.
/// </summary>
internal static class OperatorsBenchmark
{
    private const int Few = 100;
    private const int Alternations = 9;
    private const int Requests = 10;
    private const int AtOnce = 256;

    private static readonly (string Name, string Path)[] Questions =
    [
        ("first page of the list", "connections?limit=50"),
        ("a page from the middle", "connections?limit=50&cursor=c-m"),
        ("by state", "connections?state=reauth_required&limit=50"),
        ("by site", "connections?site=https://site-7.atlassian.net&limit=50"),
        ("ending before a date", "connections?expiresBefore=2100-01-01&limit=50"),
        ("a text that few have", "connections?q=0042&limit=50"),
        ("a text that none has", "connections?q=nobody-has-this&limit=50"),
        ("the overview", "overview"),
    ];

    public static async Task RunAsync(int connections)
    {
        await using var redis = await RedisServer.StartAsync();
        await using var many = await Store.OpenAsync(redis, "many:");
        await using var few = await Store.OpenAsync(redis, "few:");
        var filled = await FillAsync(many, connections);
        await FillAsync(few, Few);
        Console.WriteLine($"{connections:N0} connections, filled in {filled.TotalSeconds:f0} s; beside {Few}; medians of {Requests} requests, one at a time; median and range of {Alternations} alternations");
        Console.WriteLine($"{"",-26}{"many",10}{"slowest",10}{"few",10}{"ratio",8}");
        await LoadAsync(redis);
        foreach (var (name, path) in Questions)
        {
            await MeasureAsync(name, path, many, few);
        }
    }

    /// <summary>How long a gateway that starts takes until it can answer.</summary>
    private static async Task LoadAsync(RedisServer redis)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var gateway = await Store.OpenAsync(redis, "many:");
        var begun = Stopwatch.GetTimestamp();
        var listed = (await gateway.Services.GetRequiredService<ConnectionDirectory>().ListAsync(CancellationToken.None)).Count;
        var took = Stopwatch.GetElapsedTime(begun);
        Console.WriteLine($"a gateway that starts has its directory of {listed:N0} after {took.TotalSeconds:f1} s; it takes {(GC.GetTotalMemory(forceFullCollection: true) - before) / listed:N0} bytes a connection");
    }

    private static async Task MeasureAsync(string name, string path, WebApplication many, WebApplication few)
    {
        using var ofMany = Client(many);
        using var ofFew = Client(few);
        await TimesAsync(ofMany, path);
        await TimesAsync(ofFew, path);
        var all = new List<double>();
        var pairs = new List<(double Many, double Few)>();
        for (var turn = 0; turn < Alternations; turn++)
        {
            var times = await TimesAsync(ofMany, path);
            all.AddRange(times);
            pairs.Add((Median(times), Median(await TimesAsync(ofFew, path))));
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-26}{Median(pairs.Select(pair => pair.Many)),7:f1} ms{all.Max(),7:f1} ms{Median(pairs.Select(pair => pair.Few)),7:f1} ms{Median(pairs.Select(pair => pair.Many / pair.Few)),8:f1}"));
    }

    private static async Task<IReadOnlyList<double>> TimesAsync(HttpClient client, string path)
    {
        var times = new List<double>(Requests);
        for (var made = 0; made < Requests; made++)
        {
            var begun = Stopwatch.GetTimestamp();
            JsonDocument.Parse(await client.GetByteArrayAsync(path)).Dispose();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return times;
    }

    private static async Task<TimeSpan> FillAsync(WebApplication gateway, int connections)
    {
        var store = gateway.Services.GetRequiredService<ConnectionStore>();
        var grants = gateway.Services.GetRequiredService<GrantStore>();
        var now = TimeProvider.System.GetUtcNow();
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, connections), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) =>
        {
            // Ids all over the alphabet, as names of apps are.
            var id = ConnectionId.Parse($"c-{(char)('a' + number % 26)}{number:d7}", null);
            var site = $"https://site-{number % 40}.atlassian.net";
            await store.WriteAsync(id, $"App number {number}", site, null, now);
            if (number % 10 == 9)
            {
                return;
            }

            var pair = new TokenPair(new Secret($"access {number}"), new Secret($"refresh {number}"), now.AddDays(-(number % 50)), now.AddHours(1));
            await grants.ReplaceAsync(id, pair, "benchmark", $"account {number % 500}", Guid.NewGuid().ToString(), site);
            if (number % 50 == 0)
            {
                await grants.MarkDeadAsync(id, pair.RefreshToken, 1, new GrantDeath(ReauthReason.Revoked, "403 unauthorized_client", now));
            }
        });
        return Stopwatch.GetElapsedTime(begun);
    }

    private static HttpClient Client(WebApplication gateway)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(gateway.Services.GetRequiredService<Listeners>().ManagementUrl + "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Services.GetRequiredService<AdminKey>().Value);
        return client;
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
