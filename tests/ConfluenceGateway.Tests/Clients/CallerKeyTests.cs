using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Clients;

/// <summary>An app that knows a base URL, a user and a password needs nothing more to send a caller key.</summary>
public sealed class CallerKeyTests(Stores stores)
{
    [Fact]
    public async Task Curl_sends_a_key_as_a_password()
    {
        InstalledProgram.Require("curl");
        await using var world = await World.ConnectedAsync(stores, CallerKeyCalls.Setting);
        var made = await world.Gateway.MakeKeyAsync(["demo"]);
        var url = new Uri(world.Gateway.App.BaseAddress!, "/confluence/demo/wiki/api/v2/pages?limit=1");

        Assert.Equal("200", await StatusAsync("--user", $"legacy:{made.Key}", url.AbsoluteUri));
        Assert.Equal("401", await StatusAsync("--user", "legacy:old-password", url.AbsoluteUri));
        Assert.Equal("401", await StatusAsync(url.AbsoluteUri));
        // It waits for the challenge before it sends a password.
        Assert.Equal("200", await StatusAsync("--anyauth", "--user", $"legacy:{made.Key}", url.AbsoluteUri));
        Assert.Equal("200", await StatusAsync(url.AbsoluteUri.Replace("http://", $"http://legacy:{made.Key}@", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Where_no_key_is_asked_for_one_that_is_sent_is_ignored_and_stays_here()
    {
        InstalledProgram.Require("curl");
        await using var world = await World.ConnectedAsync(stores);
        var made = await world.Gateway.MakeKeyAsync(["demo"], "read");
        await world.Atlassian.ClearRequestsAsync();
        var url = new Uri(world.Gateway.App.BaseAddress!, "/confluence/demo/wiki/api/v2/spaces").AbsoluteUri;

        Assert.Equal("200", await StatusAsync("--user", $"legacy:{made.Key}", "--header", $"X-Gateway-Key: {made.Key}", url));
        Assert.Equal("200", await StatusAsync("--header", "X-Gateway-Key: nonsense", url));

        var received = await world.Atlassian.GetRequestsAsync();
        Assert.Equal(2, received.Count);
        Assert.DoesNotContain(received.SelectMany(request => request.Headers), header => header.Name.Contains("Gateway-Key", StringComparison.OrdinalIgnoreCase) || header.Value.Contains(made.Key, StringComparison.Ordinal));
    }

    private static async Task<string> StatusAsync(params string[] args)
    {
        var end = await InstalledProgram.RunAsync("curl", ["--silent", "--output", "/dev/null", "--write-out", "%{http_code}", .. args]);
        Assert.Equal(0, end.ExitCode);
        return end.Output;
    }
}
