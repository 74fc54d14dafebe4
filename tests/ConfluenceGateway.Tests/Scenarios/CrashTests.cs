using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>The embedded gateway as a process of its own, ended without warning.</summary>
public sealed class CrashTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Fact]
    public async Task Killed_right_after_a_rotation_it_answers_with_the_rotated_token_after_restart()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        using var directory = new TemporaryDirectory();
        string[] settings = [.. world.AtlassianSettings(), $"--Atlassian:ClientSecret={World.ClientSecret}", $"--Embedded:DataDirectory={directory.Path}"];

        await using (var first = ProgramRun.Gateway(settings))
        {
            using var @operator = await first.OperatorAsync(await AdminKeyAsync(first, directory));
            using var made = await @operator.PutAsJsonAsync("/api/v1/connections/demo", new { siteUrl = "https://acme.atlassian.net" });
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            using var link = await @operator.PostAsync("/api/v1/connections/demo/connect-link", null);
            using var browser = new Browser();
            var page = await browser.ConnectAsync((await link.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("url").Deserialize<Uri>()!);
            Assert.Equal("Connected", page.Heading);
        }

        for (var life = 1; life <= 3; life++)
        {
            await using var gateway = ProgramRun.Gateway(settings);
            using var @operator = await gateway.OperatorAsync(await AdminKeyAsync(gateway, directory));
            using var app = await gateway.AppAsync();
            using var before = await app.GetAsync(Pages);
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
            Assert.Equal(life - 1, (await world.GrantAsync()).Exchanges);

            using var refreshed = await @operator.PostAsync("/api/v1/connections/demo/refresh", null);
            await gateway.KillAsync();

            Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
            Assert.Equal(life, (await world.GrantAsync()).Exchanges);
        }

        // Every token but the newest is refused by now, so this answer can only come from the newest.
        await world.Atlassian.AdvanceAsync(TimeSpan.FromMinutes(11));
        await using var last = ProgramRun.Gateway(settings);
        using var lastApp = await last.AppAsync();
        using var answer = await lastApp.GetAsync(Pages);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(3, (await world.GrantAsync()).Exchanges);
    }

    [Fact]
    public async Task A_second_process_on_the_same_directory_says_so_and_exits()
    {
        using var directory = new TemporaryDirectory();
        await using var first = ProgramRun.Gateway([$"--Embedded:DataDirectory={directory.Path}"]);
        await first.LineAsync("traffic");

        await using var second = ProgramRun.Gateway([$"--Embedded:DataDirectory={directory.Path}"]);

        Assert.Equal(1, await second.ExitCodeAsync());
        Assert.Contains($"Embedded:DataDirectory: '{directory.Path}' is in use by another process", second.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("traffic", second.Output, StringComparison.Ordinal);
        Assert.False(first.HasExited);
    }

    private static async Task<string> AdminKeyAsync(ProgramRun gateway, TemporaryDirectory directory)
    {
        await gateway.LineAsync("admin key");
        return (await File.ReadAllTextAsync(Path.Combine(directory.Path, "admin-key"))).Trim();
    }
}
