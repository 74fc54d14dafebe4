namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>Header lines that try to be taken for somebody else's, or to be read in two ways.</summary>
internal static class HostileHeaders
{
    private const string Secret = HostileRequest.CallersSecret;

    private static readonly string[] Lines =
    [
        // Credentials, in every form that a later reader may know them by.
        $"Authorization: Bearer {Secret}", $"authorization: Bearer {Secret}", $"AUTHORIZATION:Bearer {Secret}", $"Authorization : Bearer {Secret}", $"Authorization\t: Bearer {Secret}",
        $"Authorization:\r\n Bearer {Secret}", $" Authorization: Bearer {Secret}", $"Cookie: a=b\r\nCookie: c={Secret}", $"cookie:{Secret}", $"Cookie:\r\n\tsession={Secret}", $"Proxy-Authorization: Basic {Secret}",
        // Hop by hop: what the gateway sets must not be taken away again.
        "Connection: Authorization", "Connection: close, Authorization", "Connection: Content-Length", "Connection: Host, Transfer-Encoding", "Connection: X-Atlassian-Token, keep-alive",
        "Connection: \u0001", "Keep-Alive: timeout=1", "Proxy-Connection: close", "TE: trailers, chunked", "Trailer: Authorization",
        // Who asks, and for which host.
        "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /ex", "Forwarded: host=evil.example", "X-Original-URL: /ex/admin", "X-Rewrite-URL: /ex/admin",
        "X-Host: evil.example", "X-HTTP-Method-Override: DELETE", "Origin: null", "Referer: http://evil.example/", "X-Forwarded-Client-Cert: x",
        "Host: evil.example", "Host: gateway\r\nHost: evil.example", "Host: gateway, evil.example", "Host:", "Host: gateway:99999", "Host: evil.example/x", "Host: user@gateway", "hOST: gateway", "Host : gateway",
        "Host: demo.hosts.example", "Host: globex.hosts.example:8080", "Host: ..hosts.example", "Host: demo.hosts.example\r\nHost: globex.hosts.example", "Host: demo/x.hosts.example",
        "Host: gateway\r\n evil.example", "Host: \u00e4", "Host: [::1", "X: x\r\nHost: gateway",
        // Another protocol on the same wire.
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__", "Connection: Upgrade\r\nUpgrade: TLS/1.0", "Upgrade: h2c", "Connection: upgrade\r\nUpgrade: connect-udp",
        "Expect: 100-continue", "Expect: 200-ok", "Expect: 100-continue, x", "Expect:", "Max-Forwards: 0", "Accept-Encoding: br;q=x, \u0080",
        // Bytes and amounts.
        "X-Odd: a\u0000b", "X-Odd: a\rb", "X-Odd: a\nb", "X-Odd: \u00e4\u00f6", "X-Odd: \u00c3\u00a4", "X-Odd: \u0001\u0002", "X-Odd: \u007f", "X-Odd:", "X-Odd", ": empty", "X Odd: a", "X-Odd\u0000: a", "X-\u00c4: a", "X(Odd): a",
        "X-Folded: a\r\n b", "X-Folded: a\r\n\tb\r\n c", "\r\nX-Late: a", "X-Twice: 1\r\nX-Twice: 2", $"X-Long: {new string('a', 20_000)}", $"X-Huge: {new string('a', 70_000)}", $"{new string('X', 20_000)}: a",
        "User-Agent: Mozilla/5.0", "User-Agent: ()<>@,;:\\\"/[]?={}", "Content-Type: \u0001", "Content-Encoding: x", "Range: bytes=0-0,1-1,2-2", "If-Range: x", "X-Atlassian-Token: check",
        string.Join("\r\n", Enumerable.Range(0, 90).Select(index => $"X-Many-{index}: {index}")), string.Join("\r\n", Enumerable.Range(0, 200).Select(index => $"X-Many-{index}: {index}")),
        string.Join("\r\n", Enumerable.Repeat("X-Same: a", 80)),
    ];

    public static string Make(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.Pick(Lines) + "\r\n"));
}
