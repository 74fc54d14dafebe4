using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ConfluenceGateway.Tests.Atlassian;

/// <summary>What an access token reaches, read from what Atlassian lists.</summary>
public sealed class AccessibleResourcesTests : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly HttpClient _http = new(new SocketsHttpHandler());

    [Fact]
    public async Task Entries_of_one_site_are_one_site_with_all_scopes()
    {
        Answer(200, """
            [{"id":"a","url":"https://acme.atlassian.net","name":"acme","scopes":["read:jira-work","offline"]},
             {"id":"a","url":"https://acme.atlassian.net","name":"acme","scopes":["read:page:confluence","offline"]}]
            """);

        var site = Assert.Single(await SitesAsync());

        Assert.Equal(("a", "https://acme.atlassian.net", "acme"), (site.CloudId, site.Url, site.Name));
        Assert.Equal(["read:jira-work", "offline", "read:page:confluence"], site.Scopes);
    }

    [Fact]
    public async Task A_site_without_Confluence_is_left_out()
    {
        Answer(200, """
            [{"id":"a","url":"https://a.atlassian.net","name":"a","scopes":["read:jira-work"]},
             {"id":"b","url":"https://b.atlassian.net","name":"b","scopes":["read:confluence-user"]}]
            """);

        Assert.Equal("b", Assert.Single(await SitesAsync()).CloudId);
    }

    [Fact]
    public async Task A_guest_reaches_nothing()
    {
        Answer(200, "[]");

        Assert.Empty(await SitesAsync());
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(503, "<html></html>")]
    [InlineData(429, "{}")]
    [InlineData(401, "{}")]
    [InlineData(200, "<html></html>")]
    public async Task Without_a_usable_answer_Atlassian_is_unavailable(int status, string body)
    {
        Answer(status, body);

        await Assert.ThrowsAsync<AtlassianUnavailableException>(SitesAsync);
    }

    public void Dispose()
    {
        _http.Dispose();
        _server.Dispose();
    }

    private void Answer(int status, string body) =>
        _server.Given(Request.Create().WithPath("/oauth/token/accessible-resources").WithHeader("Authorization", "Bearer token"))
            .RespondWith(Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json").WithBody(body));

    private Task<IReadOnlyList<Site>> SitesAsync() =>
        new AccessibleResources(_http, Options.Create(new AtlassianOptions { ApiBaseUrl = _server.Url! })).SitesAsync(new Secret("token"), default);
}
