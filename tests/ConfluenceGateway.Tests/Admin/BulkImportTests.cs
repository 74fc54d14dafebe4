using System.Net;
using System.Text;
using System.Text.Json;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Admin;

/// <summary>Many connections at once, from a file: each line is told of, and the same file goes on where it broke off.</summary>
public sealed class BulkImportTests(Stores stores)
{
    private const string Site = "https://acme.atlassian.net";

    [Theory, EveryStore]
    public async Task Good_lines_are_imported_bad_ones_are_told_and_the_same_file_again_changes_nothing(StoreKind store)
    {
        await using var world = await World.StartAsync(stores.ConnectionString(store));
        var (one, two) = (await world.Atlassian.MintGrantAsync("bob"), await world.Atlassian.MintGrantAsync("bob"));
        var dead = await world.Atlassian.MintGrantAsync("bob");
        await world.Atlassian.RevokeGrantAsync(dead.Id);
        var file = $$"""
            {"id":"one","displayName":"The first","siteUrl":"{{Site}}","refreshToken":"{{one.RefreshToken}}"}

            {"id":"two","siteUrl":"{{Site}}","refreshToken":"{{two.RefreshToken}}"}
            {"id":"dead","siteUrl":"{{Site}}","refreshToken":"{{dead.RefreshToken}}"}
            {"id":"without","siteUrl":"{{Site}}"}
            {"id":"Not An Id","siteUrl":"{{Site}}"}
            {"id":"odd","sietUrl":"{{Site}}"}
            not json
            {{new string('x', 70_000)}}
            """;

        var first = await ImportAsync(world, file);
        var summary = first[^1].GetProperty("summary");
        Assert.Equal((2, 0, 1, 5), Counts(summary));
        Assert.Equal([1, 3, 4, 5, 6, 7, 8, 9], first.SkipLast(1).Select(line => line.GetProperty("line").GetInt32()).Order());
        Assert.Equal("import-rejected", ProblemOf(first, 4));
        Assert.Equal("invalid-request", ProblemOf(first, 6));
        Assert.Equal("sietUrl", first.Single(line => Line(line) == 7).GetProperty("problem").GetProperty("field").GetString());
        Assert.Equal("The first", (await world.Gateway.ShowAsync("one")).GetProperty("displayName").GetString());
        var exchanges = await ExchangesAsync(world);

        var second = await ImportAsync(world, file);

        Assert.Equal((0, 3, 0, 5), Counts(second[^1].GetProperty("summary")));
        Assert.Equal(exchanges, await ExchangesAsync(world));
        using var served = await world.Gateway.App.GetAsync("/confluence/two/wiki/api/v2/pages");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task An_app_that_is_refused_stops_it_and_the_file_goes_on_once_that_is_mended()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        var lines = new StringBuilder();
        for (var number = 0; number < 30; number++)
        {
            lines.AppendLine($$"""{"id":"c{{number}}","siteUrl":"{{Site}}","refreshToken":"{{(await world.Atlassian.MintGrantAsync("bob")).RefreshToken}}"}""");
        }

        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = "another-secret" });
        var stopped = (await ImportAsync(world, lines.ToString()))[^1].GetProperty("summary");
        Assert.Contains("Atlassian:ClientSecret", stopped.GetProperty("stopped").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, stopped.GetProperty("imported").GetInt32());

        await world.Atlassian.UpdateSettingsAsync(new SimulatorSettingsChange { ClientSecret = World.ClientSecret });
        var done = await ImportAsync(world, lines.ToString());

        Assert.Equal((30, 0, 0, 0), Counts(done[^1].GetProperty("summary")));
    }

    [Fact]
    public async Task A_line_is_told_before_the_file_ends()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await using var connection = await RawConnection.OpenAsync(world.Gateway.Operator.BaseAddress!);
        var line = $$"""{"id":"early","siteUrl":"{{Site}}"}""" + "\n";
        await connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /api/v1/imports HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {World.AdminKey}\r\nTransfer-Encoding: chunked\r\n\r\n{line.Length:x}\r\n{line}\r\n"));

        // Its answer begins while its body is still to end.
        var head = (await connection.ReadHeadAsync())!;
        await connection.WriteAsync("0\r\n\r\n"u8.ToArray());
        var told = new StringBuilder();
        await connection.ReadBodyAsync(head, part => told.Append(Encoding.UTF8.GetString(part)));

        Assert.Matches("(?s)early.*summary", told.ToString());
    }

    private static async Task<IReadOnlyList<JsonElement>> ImportAsync(World world, string file)
    {
        using var answer = await world.Gateway.Operator.PostAsync("/api/v1/imports", new StringContent(file, Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return [.. (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private static (int Imported, int Unchanged, int Created, int Failed) Counts(JsonElement summary) =>
        (summary.GetProperty("imported").GetInt32(), summary.GetProperty("unchanged").GetInt32(), summary.GetProperty("created").GetInt32(), summary.GetProperty("failed").GetInt32());

    private static int Line(JsonElement line) => line.TryGetProperty("line", out var number) ? number.GetInt32() : 0;

    private static string ProblemOf(IReadOnlyList<JsonElement> lines, int line) =>
        lines.Single(one => Line(one) == line).GetProperty("problem").GetProperty("type").GetString()!.Split(':')[^1];

    private static async Task<long> ExchangesAsync(World world) => (await world.Atlassian.GetGrantsAsync()).Sum(grant => grant.Exchanges);
}
