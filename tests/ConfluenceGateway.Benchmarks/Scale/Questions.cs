using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Benchmarks.Scale;

/// <summary>How long operators wait for lists, searches and the overview when there are many connections, beside a gateway on the same Redis that has few.</summary>
internal static class Questions
{
    private const int Alternations = 9;
    private const int Requests = 10;

    private static readonly (string Name, string Path)[] All =
    [
        ("first page of the list", "connections?limit=50"),
        ("a page from the middle", "connections?limit=50&cursor=m"),
        ("by state", "connections?state=reauth_required&limit=50"),
        ("by site", "connections?site=https://site-7.atlassian.net&limit=50"),
        ("ending before a date", "connections?expiresBefore=2100-01-01&limit=50"),
        ("a text that few have", "connections?q=0042&limit=50"),
        ("a text that none has", "connections?q=nobody-has-this&limit=50"),
        ("the overview", "overview"),
    ];

    /// <summary>Asks all of them of both, in turns, and adds a table.</summary>
    public static async Task AddAsync(StringBuilder report, WebApplication many, WebApplication few)
    {
        report.AppendLine().AppendLine("| question | many | the slowest | few | ratio |").AppendLine("|---|---|---|---|---|");
        using var ofMany = Client(many);
        using var ofFew = Client(few);
        foreach (var (index, (name, path)) in All.Index())
        {
            Progress.Show((double)index / All.Length, name);
            await TimesAsync(ofMany, path);
            await TimesAsync(ofFew, path);
            var slowest = 0.0;
            var pairs = new List<(double Many, double Few)>();
            for (var turn = 0; turn < Alternations; turn++)
            {
                var times = await TimesAsync(ofMany, path);
                slowest = Math.Max(slowest, times.Max());
                pairs.Add((Spread.Of(times).Median, Spread.Of(await TimesAsync(ofFew, path)).Median));
            }

            report.AppendLine(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"| {name} | {Spread.Of(pairs.Select(pair => pair.Many)).ToString("f1", " ms")} | {slowest:f1} ms | {Spread.Of(pairs.Select(pair => pair.Few)).ToString("f1", " ms")} | {Spread.Of(pairs.Select(pair => pair.Many / pair.Few)).Median:f1} |"));
        }
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

    private static HttpClient Client(WebApplication gateway)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(gateway.Services.GetRequiredService<Listeners>().ManagementUrl + "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", gateway.Services.GetRequiredService<AdminKey>().Value);
        return client;
    }
}
