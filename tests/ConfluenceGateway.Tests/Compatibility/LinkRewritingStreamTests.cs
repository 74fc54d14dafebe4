using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Which strings of a body are rewritten, and to what.</summary>
public sealed class LinkRewritingStreamTests
{
    [Theory]
    [InlineData(LinkBodies.V1List, LinkBodies.V1ListForTheApp)]
    [InlineData(LinkBodies.V2List, LinkBodies.V2ListForTheApp)]
    public async Task The_links_of_a_list_lead_to_the_gateway_and_the_content_stays(string body, string expected) =>
        Assert.Equal(expected, await LinkBodies.RewriteAsync(body));

    [Theory]
    [InlineData("https://acme.atlassian.net/wiki", "http://gw:8080/confluence/demo/wiki")]
    [InlineData("https://acme.atlassian.net/wiki/x", "http://gw:8080/confluence/demo/wiki/x")]
    [InlineData("https://acme.atlassian.net/wiki?a=b", "http://gw:8080/confluence/demo/wiki?a=b")]
    [InlineData("https://acme.atlassian.net/wiki#top", "http://gw:8080/confluence/demo/wiki#top")]
    [InlineData(@"https:\/\/acme.atlassian.net\/wiki\/x", @"http://gw:8080/confluence/demo/wiki\/x")]
    [InlineData("https://api.atlassian.com/ex/confluence/" + LinkBodies.CloudId + "/rest/api/space", "http://gw:8080/confluence/demo/rest/api/space")]
    [InlineData("/wiki/api/v2/pages?cursor=x", "/confluence/demo/wiki/api/v2/pages?cursor=x")]
    public async Task A_link_that_a_rule_matches_begins_as_the_rule_says(string link, string expected) =>
        Assert.Equal($$"""{"_links":{"next":"{{expected}}"} }""", await LinkBodies.RewriteAsync($$"""{"_links":{"next":"{{link}}"} }"""));

    [Theory]
    [InlineData("https://acme.atlassian.net.evil/wiki")]
    [InlineData("https://acme.atlassian.network")]
    [InlineData("https://acme.atlassian.net/wikipedia")]
    [InlineData("https://acme.atlassian.net:8443/wiki")]
    [InlineData("https://acme.atlassian.net/wiki\\u002fx")]
    [InlineData("https://acme.atlassian.net/wiki\\\\/x")]
    [InlineData("https://acme.atlassian.net/jira")]
    [InlineData("see https://acme.atlassian.net/wiki")]
    [InlineData("/rest/api/content/98432")]
    [InlineData("")]
    public async Task A_link_that_only_looks_like_one_of_a_rule_stays(string link) =>
        await StaysAsync($$"""{"_links":{"self":"{{link}}"} }""");

    [Theory]
    [InlineData("""{"self":"/wiki/x"}""", """{"self":"/confluence/demo/wiki/x"}""")]
    [InlineData("""[{"nextPage" : "/wiki/x"}]""", """[{"nextPage" : "/confluence/demo/wiki/x"}]""")]
    [InlineData("""{"_expandable":{"a":["/wiki",{"b":"/wiki"}]}}""", """{"_expandable":{"a":["/confluence/demo/wiki",{"b":"/confluence/demo/wiki"}]}}""")]
    [InlineData("""{"_links":{"_links":{}},"a":"/wiki","self":"/wiki"}""", """{"_links":{"_links":{}},"a":"/wiki","self":"/confluence/demo/wiki"}""")]
    public async Task A_string_in_the_place_of_a_link_is_one(string body, string expected) =>
        Assert.Equal(expected, await LinkBodies.RewriteAsync(body));

    [Theory]
    [InlineData("""{"body":{"value":"https://acme.atlassian.net/wiki/spaces/TEAM"}}""")]
    [InlineData("""{"title":"/wiki","comment":"/wiki/x","base":"https://acme.atlassian.net/wiki"}""")]
    [InlineData("""{"self":["/wiki"],"a":"/wiki"}""")]
    [InlineData("""{"self":{"href":"/wiki"}}""")]
    [InlineData("""{"_links":["/wiki"]}""")]
    [InlineData("""{"_links":"/wiki"}""")]
    [InlineData("""{"_links":{"/wiki":1}}""")]
    [InlineData("""{"\u0073elf":"/wiki"}""")]
    [InlineData("""{"value":"{\"_links\":{\"self\":\"/wiki\"}}"}""")]
    [InlineData("\"/wiki\"")]
    [InlineData("""["/wiki"]""")]
    public async Task A_string_in_any_other_place_is_none(string body) => await StaysAsync(body);

    [Fact]
    public async Task The_first_rule_that_matches_counts()
    {
        LinkRule[] rules = [new("/wiki/rest/api", "/first"), new("/wiki", "/second"), new("/wiki/rest", "/never")];

        Assert.Equal(
            """{"_links":{"a":"/first/x","b":"/second/rest/ap","c":"/second/rest\n","d":"/second","e":"/second/rest/apis"}}""",
            await LinkBodies.RewriteAsync("""{"_links":{"a":"/wiki/rest/api/x","b":"/wiki/rest/ap","c":"/wiki/rest\n","d":"/wiki","e":"/wiki/rest/apis"}}""", rules));
    }

    [Fact]
    public async Task What_a_rule_puts_in_is_escaped() =>
        Assert.Equal("""{"self":"/a\"b\\ü/x"}""", await LinkBodies.RewriteAsync("""{"self":"/wiki/x"}""", [new("/wiki", "/a\"b\\ü")]));

    [Fact]
    public async Task Without_rules_everything_stays() =>
        Assert.Equal(LinkBodies.V1List, await LinkBodies.RewriteAsync(LinkBodies.V1List, []));

    [Fact]
    public async Task Every_line_of_ndjson_has_its_links() =>
        Assert.Equal(
            "{\"self\":\"/confluence/demo/wiki\"}\n{\"self\":\"/confluence/demo/wiki\"}\n1\n\"/wiki\"\n",
            await LinkBodies.RewriteAsync("{\"self\":\"/wiki\"}\n{\"self\":\"/wiki\"}\n1\n\"/wiki\"\n"));

    private static async Task StaysAsync(string body) => Assert.Equal(body, await LinkBodies.RewriteAsync(body));
}
