using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Benchmarks;

/// <summary>
/// What it takes longer to be served v1 by v2 than to make the same calls of v2, both through one gateway and one after the other in
/// turns. The simulated Atlassian answers at once, so what is left is the gateway's work; against the real one its own time comes on top
/// of both.
/// </summary>
internal static class V1Benchmark
{
    private const int Alternations = 9;
    private const int Requests = 100;

    public static async Task RunAsync()
    {
        await using var demo = await DemoProcess.StartAsync("--Compatibility:V1=Always");
        Console.WriteLine($"medians of {Requests} requests, one at a time; median and range of {Alternations} alternations");
        await MeasureAsync(demo, "content/{id}, body, version and space", "rest/api/content/98305?expand=body.storage,version,space", client => ReadAsync(client, "pages/98305?body-format=storage"));
        await MeasureAsync(demo, "content of a space, 25 with bodies", "rest/api/content?spaceKey=DEMO&limit=25&expand=body.storage,version",
            client => ReadAsync(client, "pages?status=current&space-id=98304&limit=25&body-format=storage"));
        await MeasureAsync(demo, "content/{id}, five expansions", "rest/api/content/98305?expand=ancestors,children.page,children.comment,metadata.labels,operations", FiveAsync);
    }

    private static async Task FiveAsync(HttpClient client)
    {
        await ReadAsync(client, "pages/98305");
        await Task.WhenAll(
            ReadAsync(client, "pages/98305/ancestors?limit=250"), ChildrenAsync(client), ReadAsync(client, "pages/98305/footer-comments?limit=25"),
            ReadAsync(client, "pages/98305/inline-comments?limit=25"), ReadAsync(client, "pages/98305/labels?limit=200"), ReadAsync(client, "pages/98305/operations"));
    }

    private static async Task ChildrenAsync(HttpClient client)
    {
        var children = JsonNode.Parse(await client.GetByteArrayAsync("api/v2/pages/98305/children?limit=25"))!["results"]!.AsArray();
        await ReadAsync(client, $"pages?id={string.Join(',', children.Select(child => child!["id"]!.ToString()))}&limit={children.Count.ToString(CultureInfo.InvariantCulture)}");
    }

    private static async Task ReadAsync(HttpClient client, string path) => await client.GetByteArrayAsync($"api/v2/{path}");

    private static async Task MeasureAsync(DemoProcess demo, string name, string v1, Func<HttpClient, Task> v2)
    {
        Task Translated() => demo.App.GetByteArrayAsync(v1);
        Task Direct() => v2(demo.App);
        await MedianAsync(Translated, 3 * Requests);
        await MedianAsync(Direct, 3 * Requests);
        var pairs = new List<(double Translated, double Direct)>();
        for (var turn = 0; turn < Alternations; turn++)
        {
            pairs.Add((await MedianAsync(Translated, Requests), await MedianAsync(Direct, Requests)));
        }

        var ratios = pairs.Select(pair => pair.Translated / pair.Direct).Order().ToList();
        Console.WriteLine(
            $"{name}: v1 {Median(pairs.Select(pair => pair.Translated)):f2} ms, its calls of v2 {Median(pairs.Select(pair => pair.Direct)):f2} ms;"
            + $" added {Median(pairs.Select(pair => pair.Translated - pair.Direct)):f2} ms, ratio {Median(ratios):f2} ({ratios[0]:f2} to {ratios[^1]:f2})");
    }

    private static async Task<double> MedianAsync(Func<Task> request, int count)
    {
        var times = new List<double>(count);
        for (var made = 0; made < count; made++)
        {
            var begun = Stopwatch.GetTimestamp();
            await request();
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
        }

        return Median(times);
    }

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;
}
