using ConfluenceGateway.Proxy;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>No path that some server could resolve to outside the connection's site is forwarded.</summary>
public sealed class PathSafetyTests
{
    private const int Seed = 7;

    [Theory]
    [InlineData("/confluence/demo/../other")]
    [InlineData("/confluence/demo/./x")]
    [InlineData("/confluence/demo/..")]
    [InlineData("/confluence/../jira/demo/x")]
    [InlineData("/confluence/demo/%2e%2e/x")]
    [InlineData("/confluence/demo/%2E%2e/x")]
    [InlineData("/confluence/demo/.%2e/x")]
    [InlineData("/confluence/demo/%252e%252e/x")]
    [InlineData("/confluence/demo/%25252E%25252E/x")]
    [InlineData("/confluence/demo/%2525252525252e./x")]
    [InlineData("/confluence/demo/..%2fx")]
    [InlineData("/confluence/demo/a%2f..%2f..%2fb")]
    [InlineData("/confluence/demo/..%5cx")]
    [InlineData("/confluence/demo/..\\x")]
    [InlineData("/confluence/demo/a\\..\\b")]
    [InlineData("/confluence/demo/..;/x")]
    [InlineData("/confluence/demo/..;jsessionid=1/x")]
    [InlineData("/confluence/demo/.%2e;a/x")]
    [InlineData("/confluence/demo/%2e%2e%3bx/y")]
    [InlineData("/confluence/demo/%c0%ae%c0%ae/x")]
    [InlineData("/confluence/demo/%C1%9C../x")]
    [InlineData("/confluence/demo/.%e0%80%ae/x")]
    [InlineData("/confluence/demo/.%f0%80%80%ae/x")]
    [InlineData("/confluence/demo/a%00b")]
    [InlineData("/confluence/demo/a%0d%0ab")]
    [InlineData("/confluence/demo/a%250ab")]
    [InlineData("/confluence/demo/a%7f")]
    [InlineData("/confluence/demo/a\tb")]
    [InlineData("/confluence/demo/a#b")]
    [InlineData("/confluence/demo/%u002e%u002e/x")]
    [InlineData("/confluence/demo/%25u002e./x")]
    [InlineData("/confluence/demo/..%u2fx%2f..%u002fx")]
    [InlineData("/confluence/demo/..%3fx")]
    [InlineData("/confluence/demo/a/%2e%2e%253f")]
    [InlineData("/confluence/demo/..%23x")]
    public void A_hostile_path_is_refused(string path) => Assert.True(PathSafety.IsUnsafe(path));

    [Theory]
    [InlineData("/confluence/demo/wiki/rest/api/content")]
    [InlineData("/confluence/demo/wiki/rest/api/content/")]
    [InlineData("/confluence/demo")]
    [InlineData("/")]
    [InlineData("/confluence/demo/wiki/display/DEMO/A%2FB")]
    [InlineData("/confluence/demo/wiki/display/DEMO/A%5CB")]
    [InlineData("/confluence/demo/wiki/display/DEMO/100%25")]
    [InlineData("/confluence/demo/wiki/display/DEMO/Stra%C3%9Fe+und%20Weg")]
    [InlineData("/confluence/demo/wiki/display/DEMO/%23hash")]
    [InlineData("/confluence/demo/wiki/download/attachments/1/report.v1..2.pdf")]
    [InlineData("/confluence/demo/wiki/.../x")]
    [InlineData("/confluence/demo/wiki/.well-known")]
    [InlineData("/confluence/demo/wiki/a;v=1/b")]
    [InlineData("/confluence/demo/wiki/%zz")]
    [InlineData("/confluence/demo/wiki/%e0%a4%b9%f0%9f%99%82")]
    [InlineData("/confluence/demo/wiki/%u20")]
    [InlineData("/confluence/demo/wiki/%u4e00")]
    [InlineData("/confluence/demo/wiki/display/DEMO/What..%3F")]
    [InlineData("/confluence/demo//wiki")]
    [InlineData("/confluence/demo/~user/page")]
    public void A_harmless_path_passes(string path) => Assert.False(PathSafety.IsUnsafe(path));

    [Fact]
    public void Whatever_passes_stays_below_its_prefix_however_a_server_reads_it()
    {
        const string Prefix = "/confluence/demo/";
        var random = new Random(Seed);
        string[] parts =
        [
            ".", "..", "%2e", "%2E", "%252e", "%u002e", "%U002E", "%c0%ae", "%e0%80%ae", "/", "//", "\\", "%2f", "%5C", "%255c", "%u002f", "%c0%af", "%c1%9c",
            ";", ";x=1", "%3b", "%253b", "%3f", "%23", "a", "wiki", "%25", "%", "2e", "u002e", "%00", "+", "%20", "~", "0", "c0", "%252525252e",
        ];
        var accepted = 0;
        for (var run = 0; run < 200_000; run++)
        {
            var path = Prefix + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            if (PathSafety.IsUnsafe(path))
            {
                continue;
            }

            accepted++;
            var ledOut = ServerModels.LedOutOf(Prefix, path);
            Assert.True(!ledOut.Any(), $"{path} leaves its prefix at {string.Join(", ", ledOut)}");
        }

        Assert.InRange(accepted, 10_000, 190_000);
    }

    [Theory]
    [InlineData("/confluence/demo/../x", "literal, nginx, tomcat, tomcat, then its framework, iis, decoding twice, decoding four times, decoding eight times")]
    [InlineData("/confluence/demo/%2e%2e/x", "nginx, tomcat, tomcat, then its framework, iis, decoding twice, decoding four times, decoding eight times")]
    [InlineData("/confluence/demo/..;a/x", "tomcat, tomcat, then its framework, decoding twice, decoding four times, decoding eight times")]
    [InlineData("/confluence/demo/..%5cx", "tomcat, tomcat, then its framework, iis, decoding twice, decoding four times, decoding eight times")]
    [InlineData("/confluence/demo/%u002e%u002e/x", "iis")]
    [InlineData("/confluence/demo/%c0%ae%c0%ae/x", "iis")]
    [InlineData("/confluence/demo/%252e./x", "iis, decoding twice, decoding four times, decoding eight times")]
    [InlineData("/confluence/demo/%25252e./x", "decoding four times, decoding eight times")]
    [InlineData("/confluence/demo/..%3fx", "decoding twice, decoding four times, decoding eight times")]
    public void The_modelled_servers_are_led_out_where_such_servers_are(string path, string servers) =>
        Assert.Equal(servers, string.Join(", ", ServerModels.LedOutOf("/confluence/demo/", path)));
}
