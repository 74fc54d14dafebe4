using ConfluenceGateway.Proxy.Throttling;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>What a request is taken to cost.</summary>
public sealed class PointsEstimateTests
{
    [Theory]
    [InlineData("POST", "wiki/api/v2/pages", 1)]
    [InlineData("PUT", "wiki/api/v2/pages/98305?limit=100", 1)]
    [InlineData("DELETE", "wiki/api/v2/pages/98305", 1)]
    [InlineData("GET", "wiki/api/v2/pages/98305", 2)]
    [InlineData("GET", "wiki/api/v2/pages/98305?body-format=storage", 2)]
    [InlineData("get", "wiki/api/v2/attachments/att98344", 2)]
    [InlineData("GET", "rest/api/3/issue/DEMO-1", 2)]
    [InlineData("GET", "wiki/rest/api/user/current", 2)]
    [InlineData("GET", "wiki/rest/api/content/98305/child/attachment/att98344/download", 2)]
    [InlineData("GET", "wiki/api/v2/pages", 26)]
    [InlineData("GET", "wiki/api/v2/pages?limit=10", 11)]
    [InlineData("GET", "wiki/api/v2/pages?space-id=1&limit=100&sort=id", 101)]
    [InlineData("GET", "wiki/api/v2/pages?limit=0", 1)]
    [InlineData("GET", "wiki/api/v2/pages?limit=1000", 251)]
    [InlineData("GET", "wiki/api/v2/pages?limit=-1", 26)]
    [InlineData("GET", "wiki/api/v2/pages?limit=99999999999", 26)]
    [InlineData("GET", "wiki/api/v2/pages?nolimit=7", 26)]
    [InlineData("GET", "wiki/api/v2/pages/98305/children?", 26)]
    [InlineData("GET", "/ex/confluence/cloud/wiki/api/v2/pages/98305", 2)]
    [InlineData("GET", "", 26)]
    public void It_is_told_by_the_address(string method, string pathAndQuery, int points) => Assert.Equal(points, PointsEstimate.Of(method, pathAndQuery));
}
