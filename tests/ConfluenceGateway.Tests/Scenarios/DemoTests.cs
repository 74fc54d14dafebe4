using System.Net;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Scenarios;

/// <summary>The README's first command does what it says.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task It_connects_by_itself_prints_what_to_try_and_shows_rotations()
    {
        using var temporary = new TemporaryDirectory();
        await using var demo = ProgramRun.Demo(
            temporary,
            "--Listen:Traffic=http://127.0.0.1:0", "--Listen:Management=http://127.0.0.1:0", "--Simulator:Url=http://127.0.0.1:0", "--Simulator:MediaUrl=http://127.0.0.1:0",
            "--Simulator:AccessTokenLifetime=00:00:04", "--Refresh:Skew=00:00:01", "--Refresh:Ahead=00:00:01");
        var baseUrl = await demo.LineAsync("base URL for an app");
        using var http = new HttpClient(new SocketsHttpHandler());

        using var pages = await http.GetAsync($"{baseUrl}/wiki/api/v2/pages?limit=3");
        Assert.Equal(HttpStatusCode.OK, pages.StatusCode);
        Assert.Equal(3, Regex.Count(demo.Output, "^  curl ", RegexOptions.Multiline));
        Assert.Contains("confluence_gateway_requests_total", await http.GetStringAsync(Regex.Match(demo.Output, @"curl (\S+/metrics)").Groups[1].Value), StringComparison.Ordinal);
        await Eventually.TrueAsync(() => demo.Output.Contains("generation 2: the token is good until", StringComparison.Ordinal), "a rotation is shown");

        using var revoke = await http.PostAsync(Regex.Match(demo.Output, @"curl -X POST (\S+/revoke)").Groups[1].Value, null);
        Assert.True(revoke.IsSuccessStatusCode);
        await Eventually.TrueAsync(() => demo.Output.Contains("from now on the app is answered 401", StringComparison.Ordinal), "the revocation is shown");
    }
}
