using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ConfluenceGateway.Proxy;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>What is taken from and put on the headers, as Atlassian and as the app see it.</summary>
public sealed class HeaderRulesTests(Stores stores)
{
    private const string Pages = "/confluence/demo/wiki/api/v2/pages?limit=1";
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101";
    private static readonly string Own = "confluence-gateway/" + GatewayMetrics.Version;

    /// <summary>For each row: which one, the method, the header as the caller sends it, the one that is looked at, and what Atlassian gets of it.</summary>
    public static TheoryData<string, string, string, string?, string, string?> Requests { get; } = new()
    {
        { "Authorization", "GET", "Authorization", "Basic YWxpY2U6c2VjcmV0", "Authorization", "Bearer sha256:" },
        { "X-Gateway-Key", "GET", "X-Gateway-Key", "anything", "X-Gateway-Key", null },
        { "Cookie", "GET", "Cookie", "session=1", "Cookie", null },
        { "Origin", "GET", "Origin", "https://intranet.example", "Origin", null },
        { "Referer", "GET", "Referer", "https://intranet.example/page", "Referer", null },
        { "Forwarded", "GET", "Forwarded", "for=10.0.0.1", "Forwarded", null },
        { "X-Forwarded-*", "GET", "X-Forwarded-For", "10.0.0.1", "X-Forwarded-For", null },
        { "X-Forwarded-*", "GET", "x-forwarded-proto", "https", "X-Forwarded-Proto", null },
        { "X-Forwarded-*", "GET", "X-Forwarded-Anything", "at all", "X-Forwarded-Anything", null },
        { "X-Real-IP", "GET", "X-Real-IP", "10.0.0.1", "X-Real-IP", null },
        { "Host", "GET", "Host", "gateway.example.com", "Host", "127.0.0.1:" },
        { "User-Agent", "GET", "User-Agent", Firefox, "User-Agent", Own },
        { "User-Agent", "POST", "User-Agent", Firefox, "User-Agent", Own },
        { "User-Agent", "GET", "User-Agent", "legacy-app/1.0 (Java)", "User-Agent", "legacy-app/1.0 (Java)" },
        { "X-Atlassian-Token", "GET", "X-Any", null, "X-Atlassian-Token", null },
        { "X-Atlassian-Token", "HEAD", "X-Any", null, "X-Atlassian-Token", null },
        { "X-Atlassian-Token", "POST", "X-Any", null, "X-Atlassian-Token", "no-check" },
        { "X-Atlassian-Token", "PUT", "X-Any", null, "X-Atlassian-Token", "no-check" },
        { "X-Atlassian-Token", "DELETE", "X-Any", null, "X-Atlassian-Token", "no-check" },
        { "X-Atlassian-Token", "POST", "X-Atlassian-Token", "nocheck", "X-Atlassian-Token", "nocheck" },
    };

    /// <summary>For each row of an answer: its name, and what the caller gets of it; null for nothing.</summary>
    public static TheoryData<string, string?> Answers { get; } = new()
    {
        { "Set-Cookie", null },
        { "Strict-Transport-Security", null },
        { "NEL", null },
        { "Report-To", null },
        { "Link", "</confluence/demo/wiki/api/v2/pages?" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task A_request_goes_on_by_its_row(string rule, string method, string name, string? value, string seen, string? expected)
    {
        Assert.Contains(HeaderRules.Request, row => row.Name == rule);

        var sent = (await SentAsync(new HttpMethod(method), (name, value)))(seen);

        Assert.True(expected is null ? sent is null : sent?.StartsWith(expected, StringComparison.Ordinal) == true, $"{seen} went on as '{sent}'");
    }

    [Theory]
    [InlineData("Accept", "application/json;q=0.9, */*")]
    [InlineData("X-ExperimentalApi", "opt-in")]
    [InlineData("If-None-Match", "W/\"1\"")]
    [InlineData("Accept-Language", "de, en;q=0.5")]
    public async Task Everything_else_is_sent_as_it_came(string name, string value) =>
        Assert.Equal(value, (await SentAsync(HttpMethod.Get, (name, value)))(name));

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task An_answer_goes_on_by_its_row(string rule, string? expected)
    {
        Assert.Contains(HeaderRules.Answer, row => row.Name == rule);
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.True(answer.IsSuccessStatusCode);
        var values = answer.Headers.NonValidated.TryGetValues(rule, out var found) ? found.ToArray() : [];
        Assert.True(expected is null ? values.Length == 0 : values.Any(value => value.Contains(expected, StringComparison.Ordinal)), string.Join(" | ", values));
    }

    [Fact]
    public async Task A_location_leads_back_to_the_gateway()
    {
        await using var world = await World.ConnectedAsync(stores);
        var page = (await world.Gateway.App.GetFromJsonAsync<JsonElement>(Pages)).GetProperty("results")[0].GetProperty("id").GetString();

        using var made = await world.Gateway.App.PostAsJsonAsync(
            "/confluence/demo/wiki/api/v2/footer-comments", new { pageId = page, body = new { representation = "storage", value = "<p>hm</p>" } });

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.StartsWith("/confluence/demo/wiki/api/v2/footer-comments/", made.Headers.Location!.OriginalString, StringComparison.Ordinal);
        using var followed = await world.Gateway.App.GetAsync(made.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, followed.StatusCode);
    }

    [Theory]
    [InlineData("atl-traceid")]
    [InlineData("atl-request-id")]
    [InlineData("Server")]
    [InlineData("Vary")]
    public async Task An_answer_keeps_what_is_about_it(string name)
    {
        await using var world = await World.ConnectedAsync(stores);

        using var answer = await world.Gateway.App.GetAsync(Pages);

        Assert.True(answer.Headers.NonValidated.Contains(name));
    }

    [Fact]
    public void Every_row_has_a_case()
    {
        Assert.Equal(HeaderRules.Request.Select(row => row.Name).Order(), Requests.Select(row => row.Data.Item1).Distinct().Order());
        Assert.Equal(HeaderRules.Answer.Select(row => row.Name).Order(), Answers.Select(row => row.Data.Item1).Append("Location").Order());
    }

    private async Task<Func<string, string?>> SentAsync(HttpMethod method, params (string Name, string? Value)[] headers)
    {
        await using var world = await World.ConnectedAsync(stores);
        using var request = new HttpRequestMessage(method, Pages);
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        if (method == HttpMethod.Post || method == HttpMethod.Put)
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        using var answer = await world.Gateway.App.SendAsync(request);
        var recorded = (await world.Atlassian.GetRequestsAsync())[^1];
        return name => recorded.Headers.SingleOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase))?.Value;
    }
}
