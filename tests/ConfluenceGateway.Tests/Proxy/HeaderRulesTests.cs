using System.Text;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>What is taken from and put on the headers, as Atlassian and as the app see it.</summary>
public sealed class HeaderRulesTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";

    [Theory]
    [InlineData("Cookie", "session=1")]
    [InlineData("Origin", "https://intranet.example")]
    [InlineData("Referer", "https://intranet.example/page")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("X-Forwarded-Host", "intranet.example")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Forwarded-Anything", "at all")]
    public async Task What_is_the_networks_own_is_not_sent(string name, string value) =>
        Assert.Null((await SentAsync(HttpMethod.Get, (name, value)))(name));

    [Theory]
    [InlineData("User-Agent", "legacy-app/1.0 (Java)")]
    [InlineData("Accept", "application/json;q=0.9, */*")]
    [InlineData("X-ExperimentalApi", "opt-in")]
    [InlineData("If-None-Match", "W/\"1\"")]
    [InlineData("X-Atlassian-Token", "nocheck")]
    public async Task Everything_else_is_sent_as_it_came(string name, string value) =>
        Assert.Equal(value, (await SentAsync(HttpMethod.Get, (name, value)))(name));

    [Fact]
    public async Task The_grants_token_takes_the_place_of_the_callers_credentials()
    {
        var sent = await SentAsync(HttpMethod.Get, ("Authorization", "Basic YWxpY2U6c2VjcmV0"));

        Assert.StartsWith("Bearer sha256:", sent("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_host_is_the_upstreams()
    {
        await using var world = await ConnectedAsync();
        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.Equal(world.SimulatorUrl.Authority, Header(await LastAsync(world), "Host"));
    }

    [Fact]
    public async Task A_browsers_user_agent_is_replaced() =>
        Assert.Equal(
            "confluence-gateway/" + GatewayMetrics.Version,
            (await SentAsync(HttpMethod.Get, ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101")))("User-Agent"));

    [Theory]
    [InlineData("GET", null, null)]
    [InlineData("HEAD", null, null)]
    [InlineData("POST", null, "no-check")]
    [InlineData("PUT", null, "no-check")]
    [InlineData("DELETE", null, "no-check")]
    [InlineData("POST", "nocheck", "nocheck")]
    public async Task The_cross_site_check_is_waived_on_writes_once(string method, string? given, string? sent) =>
        Assert.Equal(sent, (await SentAsync(new HttpMethod(method), ("X-Atlassian-Token", given)))("X-Atlassian-Token"));

    [Theory]
    [InlineData("Set-Cookie", false)]
    [InlineData("Strict-Transport-Security", false)]
    [InlineData("NEL", false)]
    [InlineData("Report-To", false)]
    [InlineData("atl-traceid", true)]
    [InlineData("atl-request-id", true)]
    [InlineData("Server", true)]
    [InlineData("Vary", true)]
    [InlineData("Link", true)]
    public async Task An_answer_keeps_what_is_about_it_and_loses_what_is_about_the_host(string name, bool kept)
    {
        await using var world = await ConnectedAsync();

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Equal(kept, answer.Headers.NonValidated.Contains(name));
    }

    private async Task<Func<string, string?>> SentAsync(HttpMethod method, (string Name, string? Value) header)
    {
        await using var world = await ConnectedAsync();
        using var request = new HttpRequestMessage(method, Pages);
        if (header.Value is not null)
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        if (method == HttpMethod.Post || method == HttpMethod.Put)
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var answer = await world.Gateway.App.SendAsync(request);
        var recorded = await LastAsync(world);
        return name => Header(recorded, name);
    }

    private static async Task<AtlassianSimulator.Control.RecordedRequest> LastAsync(World world) => (await world.Atlassian.GetRequestsAsync())[^1];

    private static string? Header(AtlassianSimulator.Control.RecordedRequest request, string name) =>
        request.Headers.SingleOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;

    private async Task<World> ConnectedAsync()
    {
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.Gateway.ConnectAsync("demo");
        return world;
    }
}
