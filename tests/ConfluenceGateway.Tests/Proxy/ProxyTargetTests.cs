using ConfluenceGateway.Proxy;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>What a request line addresses.</summary>
public sealed class ProxyTargetTests
{
    private static readonly string LongestId = new('a', 63);

    [Theory]
    [InlineData("/confluence/demo/wiki/x", "/ex/confluence/cloud/wiki/x")]
    [InlineData("/jira/demo/rest/api/3/myself", "/ex/jira/cloud/rest/api/3/myself")]
    [InlineData("/confluence/demo/wiki/a%2Fb%20c?x=%e4&&y=+", "/ex/confluence/cloud/wiki/a%2Fb%20c?x=%e4&&y=+")]
    [InlineData("/confluence/demo/wiki/x?next=/../y", "/ex/confluence/cloud/wiki/x?next=/../y")]
    [InlineData("/confluence/demo/wiki/x?", "/ex/confluence/cloud/wiki/x?")]
    [InlineData("/confluence/demo", "/ex/confluence/cloud/")]
    [InlineData("/confluence/demo/", "/ex/confluence/cloud/")]
    [InlineData("/confluence/demo?a=b", "/ex/confluence/cloud/?a=b")]
    [InlineData("/confluence/demo/wiki/", "/ex/confluence/cloud/wiki/")]
    [InlineData("/confluence/demo//wiki", "/ex/confluence/cloud//wiki")]
    [InlineData("http://gateway:8080/confluence/demo/wiki/x?y", "/ex/confluence/cloud/wiki/x?y")]
    [InlineData("/confluence/demo/rest/api/search", "/ex/confluence/cloud/rest/api/search")]
    public void The_rest_goes_below_the_cloud_id_byte_for_byte(string rawTarget, string upstreamPath)
    {
        Assert.Equal(TargetError.None, ProxyTarget.Parse(rawTarget, out var target));

        Assert.Equal("demo", target.ConnectionId.Value);
        Assert.Equal(upstreamPath, target.Url("", "cloud", target.PathAndQuery));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("*")]
    [InlineData("gateway:443")]
    [InlineData("http://gateway")]
    [InlineData("http://gateway?x=/confluence/demo/y")]
    [InlineData("/bitbucket/demo/x")]
    [InlineData("/Confluence/demo/x")]
    [InlineData("/confluencex/demo/x")]
    [InlineData("//confluence/demo/x")]
    [InlineData("/conflu%65nce/demo/x")]
    public void Another_product_is_unknown(string rawTarget) => Assert.Equal(TargetError.UnknownProduct, ProxyTarget.Parse(rawTarget, out _));

    [Theory]
    [InlineData("/confluence")]
    [InlineData("/confluence/")]
    [InlineData("/confluence//wiki")]
    [InlineData("/confluence?demo")]
    [InlineData("/confluence/Demo/x")]
    [InlineData("/confluence/-demo/x")]
    [InlineData("/confluence/demo-/x")]
    [InlineData("/confluence/de_mo/x")]
    [InlineData("/confluence/d%65mo/x")]
    [InlineData("/confluence/demo;v=1/x")]
    public void A_malformed_id_names_no_connection(string rawTarget) => Assert.Equal(TargetError.InvalidConnectionId, ProxyTarget.Parse(rawTarget, out _));

    [Fact]
    public void An_id_may_be_as_long_as_a_host_label_and_no_longer()
    {
        Assert.Equal(TargetError.None, ProxyTarget.Parse($"/confluence/{LongestId}/x", out _));
        Assert.Equal(TargetError.InvalidConnectionId, ProxyTarget.Parse($"/confluence/{LongestId}a/x", out _));
    }

    [Theory]
    [InlineData("/confluence/demo/../other/x")]
    [InlineData("/bitbucket/../confluence/demo/x")]
    [InlineData("http://gateway/confluence/demo/%2e%2e/x")]
    [InlineData("/confluence/demo/x?a\tb")]
    [InlineData("/confluence/demo/x?a\u007f")]
    public void An_unsafe_path_is_called_so_before_anything_else(string rawTarget) => Assert.Equal(TargetError.UnsafePath, ProxyTarget.Parse(rawTarget, out _));
}
