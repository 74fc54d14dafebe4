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
    [InlineData("/confluence/demo/a%00b")]
    [InlineData("/confluence/demo/a%0d%0ab")]
    [InlineData("/confluence/demo/a%250ab")]
    [InlineData("/confluence/demo/a%7f")]
    [InlineData("/confluence/demo/a\tb")]
    [InlineData("/confluence/demo/a#b")]
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
    [InlineData("/confluence/demo//wiki")]
    [InlineData("/confluence/demo/~user/page")]
    public void A_harmless_path_passes(string path) => Assert.False(PathSafety.IsUnsafe(path));

    [Fact]
    public void Whatever_passes_stays_below_its_prefix_however_a_server_reads_it()
    {
        var random = new Random(Seed);
        string[] parts = [".", "..", "%2e", "%2E", "%252e", "/", "\\", "%2f", "%5C", "%255c", ";", ";x=1", "a", "wiki", "%25", "%", "2e", "%00", "+", "%20", "~"];
        var accepted = 0;
        for (var run = 0; run < 200_000; run++)
        {
            var path = "/confluence/demo/" + string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => parts[random.Next(parts.Length)]));
            if (PathSafety.IsUnsafe(path))
            {
                continue;
            }

            accepted++;
            for (var (text, round) = (path, 0); round < 6; (text, round) = (Uri.UnescapeDataString(text), round + 1))
            {
                Assert.True(StaysBelow(text), $"{path} leaves its prefix after {round} decodings");
            }
        }

        Assert.InRange(accepted, 10_000, 190_000);
    }

    // The most obliging server there could be: backslashes are slashes, parameters are cut, dots are resolved.
    private static bool StaysBelow(string path)
    {
        var depth = 0;
        foreach (var segment in path["/confluence/demo/".Length..].Split('/', '\\').Select(segment => segment.Split(';')[0]))
        {
            depth += segment switch { ".." => -1, "." or "" => 0, _ => 1 };
            if (depth < 0)
            {
                return false;
            }
        }

        return true;
    }
}
