namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>Makes hostile requests from a seed. Each comes with a harmless request behind it, which shows where the gateway saw the first one end.</summary>
internal static class HostileRequests
{
    private const string Credentials = $"Authorization: Basic {HostileRequest.CallersSecret}\r\nCookie: session={HostileRequest.CallersSecret}\r\n";
    private static readonly string[] Prefixes = ["/confluence/demo/", "/confluence/globex/", "/jira/demo/", "/jira/globex/"];

    public static HostileRequest Make(int seed, int number)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var prefix = random.Pick(Prefixes);
        var tag = HostileRequest.TagOf(number);
        var harmless = $"GET {prefix}{tag}/last HTTP/1.1\r\nHost: gateway\r\n{Credentials}Connection: close\r\n\r\n";
        var (kind, first, isWhole) = random.Next(100) switch
        {
            < 35 => ("target", Plain("GET", HostileTargets.Make(random, prefix, tag), ""), true),
            < 60 => ("headers", Plain(random.Pick("GET", "GET", "DELETE"), $"{prefix}{tag}/x", HostileHeaders.Make(random)), true),
            < 68 => ("method", Plain(HostileMethods.Make(random), random.Pick($"{prefix}{tag}/x", $"gateway:{tag}", "*"), ""), true),
            _ => ("framing", HostileFraming.Make(random, $"{prefix}{tag}/x", Credentials, Plain("GET", $"{prefix}{tag}/smuggled", "")), false),
        };
        return new HostileRequest(number, kind, first + harmless, isWhole);
    }

    public static T Pick<T>(this Random random, params IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static string Plain(string method, string target, string headers) =>
        $"{method} {target} HTTP/1.1\r\n{(NamesHost(headers) ? "" : $"Host: {HostOf(target)}\r\n")}{Credentials}{headers}\r\n";

    private static bool NamesHost(string headers) => headers.Split('\n').Any(line => line.StartsWith("host", StringComparison.OrdinalIgnoreCase));

    // An absolute target whose authority is not the Host is refused for that alone, and the rest of it would never be tried.
    private static string HostOf(string target) =>
        target.IndexOf("://", StringComparison.Ordinal) is var start and > 0 ? target[(start + 3)..].Split('/', '?')[0] : "gateway";
}
