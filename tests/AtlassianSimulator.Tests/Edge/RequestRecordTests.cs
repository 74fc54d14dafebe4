using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AtlassianSimulator.Edge;
using AtlassianSimulator.OAuth;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Edge;

public sealed class RequestRecordTests : SimulatorTest
{
    [Fact]
    public async Task A_target_is_recorded_byte_for_byte()
    {
        var token = await Simulator.AccessTokenAsync();
        var target = $"/ex/confluence/{RunningSimulator.Acme}/wiki/api/v2/pages?title=a%2Fb%20c+d&x=%e4&&y";

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(
            Simulator.Addresses.Url.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await Simulator.Http.SendAsync(request);

        var recorded = Assert.Single(await Simulator.Control.GetRequestsAsync());
        Assert.Equal(("GET", target, 200), (recorded.Method, recorded.Target, recorded.Status));
    }

    [Fact]
    public async Task Credentials_are_recorded_as_their_hash()
    {
        var token = await Simulator.AccessTokenAsync();

        await Simulator.ConfluenceAsync(token, "/wiki/api/v2/pages", change: request => request.Headers.Add("Cookie", "session=secret")).StatusAsync();

        var headers = Assert.Single(await Simulator.Control.GetRequestsAsync()).Headers.ToDictionary(header => header.Name, header => header.Value);
        Assert.Equal($"Bearer sha256:{TokenSigner.Fingerprint(token)}", headers["Authorization"]);
        Assert.Equal($"sha256:{TokenSigner.Fingerprint("session=secret")}", headers["Cookie"]);
    }

    [Theory]
    [InlineData("/wiki/api/v2/pages", HttpStatusCode.BadRequest)]
    [InlineData("/wiki/rest/api/nothing-here", HttpStatusCode.NotFound)]
    public async Task A_body_is_recorded_whole_even_if_nobody_read_it(string path, HttpStatusCode expected)
    {
        var token = await Simulator.AccessTokenAsync();
        var content = Encoding.UTF8.GetBytes($"not json {new string('x', 300_000)}");

        Assert.Equal(expected, await Simulator.ConfluenceAsync(token, path, HttpMethod.Post, new ByteArrayContent(content)).StatusAsync());

        var recorded = Assert.Single(await Simulator.Control.GetRequestsAsync());
        Assert.Equal(content.Length, recorded.BodyLength);
        Assert.Equal(Base64Url.EncodeToString(SHA256.HashData(content)), recorded.BodySha256);
    }

    [Fact]
    public async Task Answers_without_a_body_are_recorded_too()
    {
        var token = await Simulator.AccessTokenAsync();

        await Simulator.ConfluenceAsync(token, "/wiki/api/v2/pages/98310", HttpMethod.Delete).StatusAsync();

        Assert.Equal(204, Assert.Single(await Simulator.Control.GetRequestsAsync()).Status);
    }

    [Fact]
    public async Task The_record_can_be_cleared()
    {
        await Simulator.ConfluenceAsync("eyJ", "/wiki/api/v2/pages").StatusAsync();

        await Simulator.Control.ClearRequestsAsync();

        Assert.Empty(await Simulator.Control.GetRequestsAsync());
    }

    [Fact]
    public void The_record_keeps_the_last_two_thousand()
    {
        var record = new RequestRecord();
        for (var number = 0; number < RequestRecord.Capacity + 5; number++)
        {
            record.Add(new(DateTimeOffset.UnixEpoch, "GET", $"/{number}", [], 0, "", 200));
        }

        Assert.Equal(RequestRecord.Capacity, record.Read().Count);
        Assert.Equal("/5", record.Read()[0].Target);
    }
}
