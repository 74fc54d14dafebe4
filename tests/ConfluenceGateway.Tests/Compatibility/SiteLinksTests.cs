using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Links in headers lead back to the gateway where they point at the site's API, and nowhere new otherwise.</summary>
public sealed class SiteLinksTests
{
    private const string Api = "https://api.atlassian.com/ex/confluence/11111111-1111-4111-8111-111111111111";
    private static readonly SiteLinks ByPath = new("/confluence/demo", Api, "https://acme.atlassian.net");
    private static readonly SiteLinks ByHost = new("", Api, "https://acme.atlassian.net");

    [Theory]
    [InlineData("/wiki/api/v2/pages/1", "/confluence/demo/wiki/api/v2/pages/1", "/wiki/api/v2/pages/1")]
    [InlineData("/", "/confluence/demo/", "/")]
    [InlineData(Api + "/wiki/rest/api/longtask/1?x", "/confluence/demo/wiki/rest/api/longtask/1?x", "/wiki/rest/api/longtask/1?x")]
    [InlineData(Api, "/confluence/demo/", "/")]
    [InlineData("/ex/confluence/11111111-1111-4111-8111-111111111111/wiki/x", "/confluence/demo/wiki/x", "/wiki/x")]
    [InlineData("https://acme.atlassian.net/wiki/rest/api/content/1", "/confluence/demo/wiki/rest/api/content/1", "/wiki/rest/api/content/1")]
    [InlineData("https://ACME.atlassian.net/wiki/api/v2/pages/1", "/confluence/demo/wiki/api/v2/pages/1", "/wiki/api/v2/pages/1")]
    public void What_points_at_the_api_points_at_the_gateway(string location, string byPath, string byHost)
    {
        Assert.Equal(byPath, ByPath.Location(location));
        Assert.Equal(byHost, ByHost.Location(location));
    }

    [Theory]
    [InlineData("https://acme.atlassian.net/wiki/spaces/DEMO/pages/1")]
    [InlineData("https://acme.atlassian.net/wiki")]
    [InlineData("https://acme.atlassian.net.evil.example/wiki/rest/api/content/1")]
    [InlineData("https://api.media.atlassian.com/file/1/binary?token=x")]
    [InlineData("https://api.atlassian.com/ex/confluence/22222222-2222-4222-8222-222222222222/wiki/x")]
    [InlineData(Api + "0/wiki/x")]
    [InlineData("//evil.example/wiki")]
    [InlineData("relative/path")]
    [InlineData("")]
    public void Everything_else_is_left_alone(string location)
    {
        Assert.Equal(location, ByPath.Location(location));
        Assert.Equal(location, ByHost.Location(location));
    }

    [Theory]
    [InlineData("<https://acme.atlassian.net/wiki>; rel=\"base\"", "<https://acme.atlassian.net/wiki>; rel=\"base\"")]
    [InlineData("</wiki/api/v2/pages?limit=5&cursor=a>; rel=\"next\", <https://acme.atlassian.net/wiki>; rel=\"base\"",
        "</confluence/demo/wiki/api/v2/pages?limit=5&cursor=a>; rel=\"next\", <https://acme.atlassian.net/wiki>; rel=\"base\"")]
    [InlineData("<https://developer.atlassian.com/changelog/#CHANGE-864>; rel=\"deprecation\"", "<https://developer.atlassian.com/changelog/#CHANGE-864>; rel=\"deprecation\"")]
    [InlineData("no link at all", "no link at all")]
    public void Each_target_of_a_link_header_is_judged_alone(string header, string expected) => Assert.Equal(expected, ByPath.Link(header));

    [Fact]
    public void Without_a_site_only_the_api_is_known() =>
        Assert.Equal("https://acme.atlassian.net/wiki/rest/api/x", new SiteLinks("/confluence/demo", Api, null).Location("https://acme.atlassian.net/wiki/rest/api/x"));
}
