namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>Request targets that try to leave the connection's site, or the host.</summary>
internal static class HostileTargets
{
    private const string OtherSite = "22222222-2222-4222-8222-222222222222";

    private static readonly string[] Parts =
    [
        ".", "..", "../", "/..", "%2e", "%2E", ".%2e", "%252e", "%25252e", "%2525252525252e", "%u002e", "%c0%ae", "%e0%80%ae", "%f0%80%80%ae", "%ef%bc%8e", "\u00ef\u00bc\u008e", "\u00c0\u00ae",
        "/", "//", "\\", "%2f", "%2F", "%252f", "%5C", "%255c", "%c0%af", "%ef%bc%8f", "%u2215", "\u00e4", "\u00ff",
        ";", ";x=1", "..;/", "%3b", "%253b", "?", "%3f", "%253f", "#", "%23", "&", "=", "@", ":", "*", "+", "%20", "~", "|", "^", "`", "{", "\"", "<",
        "%00", "%0d%0a", "%0a", "%09", "%7f", "\t", "\u0001", "\u007f", "\u0000", "%", "%zz", "%2", "%25", "a", "wiki", "rest/api", "http://", "ex/confluence/" + OtherSite,
    ];

    private static readonly string[] Authorities =
        ["gateway", "evil.example", "evil.example:443", "user@evil.example", "api.atlassian.com", "127.0.0.1", "[::1]", "evil.example%2f", "", "gateway?", "gateway#", "gateway\\evil.example"];

    public static string Make(Random random, string prefix, string tag) => random.Next(12) switch
    {
        0 => $"{random.Pick("http", "https", "HTTP", "ftp", "file", "javascript")}://{random.Pick(Authorities)}{prefix}{tag}/{Some(random)}",
        1 => $"/{Some(random)}{prefix}{tag}/{Some(random)}",
        2 => $"{prefix}{Some(random)}/{tag}",
        3 => random.Pick($"//evil.example{prefix}{tag}", $"///{tag}", $"{prefix[1..]}{tag}", $"?{prefix}{tag}", $"\\{tag}", $"/{prefix}{tag}/{Some(random)}"),
        4 => random.Pick("*", $"evil.example:443?{tag}", $"{tag}:443", $"*{prefix}{tag}", $"http:{prefix}{tag}", $"http:/{prefix}{tag}", ""),
        5 => $"{prefix}{tag}/{Long(random)}",
        6 => $"{prefix}{tag}?{Some(random)}{Some(random)}",
        7 => $"{prefix[..^1]}{Some(random)}{tag}",
        _ => $"{prefix}{tag}/{Some(random)}",
    };

    private static string Some(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => random.Pick(Parts)));

    private static string Long(Random random) => string.Concat(Enumerable.Repeat(random.Pick("a", "%2e%2e/", "../", "/", "%25", ";", "a/", "?", "%20"), random.Pick(1_000, 4_000, 10_900, 33_000)));
}

/// <summary>Methods that servers treat in ways of their own.</summary>
internal static class HostileMethods
{
    private static readonly string[] Methods =
    [
        "TRACE", "TRACK", "CONNECT", "trace", "Trace", "connect", "get", "Get", "post", "HEAD", "head", "OPTIONS", "DEBUG", "PROPFIND", "PURGE", "PRI", "M-SEARCH",
        "GET\t", "G ET", " GET", "GET\u0000", "G\u00c4T", "GET/", "GET,POST", "\"GET\"", "GET:", "", "X", "!#$%&'*+-.^_`|~", new('A', 500), new('A', 40_000),
    ];

    public static string Make(Random random) => random.Pick(Methods);
}
