namespace ConfluenceGateway.Tests.Proxy.Hostile;

/// <summary>Requests whose end two servers may see in different places, so that the rest is a request of its own to one of them.</summary>
internal static class HostileFraming
{
    private static readonly string[] Encodings =
    [
        "Transfer-Encoding: chunked", "transfer-encoding: CHUNKED", "Transfer-Encoding: xchunked", "Transfer-Encoding : chunked", "Transfer-Encoding:\tchunked", "Transfer-Encoding: \u000bchunked", " Transfer-Encoding: chunked",
        "X: x\nTransfer-Encoding: chunked", "X: x\rTransfer-Encoding: chunked", "Transfer-Encoding\r\n : chunked", "Transfer-Encoding:\r\n chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, identity", "Transfer-Encoding: identity, chunked", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked;q=1",
        "Transfer_Encoding: chunked", "Transfer-Encoding: identity", "Transfer-Encoding:", "Transfer-Encoding: chunked\u0000", "Transfer-Encoding: chunk\u00e9d", "Transfer-Encoding: ,chunked", "TE: chunked",
    ];

    private static readonly string[] Lengths =
    [
        "Content-Length: 5", "Content-Length: 5", "Content-Length: 0", "Content-Length: 5, 5", "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6", "Content-Length: +5", "Content-Length: -1", "Content-Length: 0x5",
        "Content-Length:   5  ", "Content-Length: 99999999999999999999", "Content-Length: 9223372036854775807", "Content-Length: 05", "Content-Length: 5 5", "Content-Length:", "Content-Length: 5.0", "Content-Length: 1e1", "Content-Length : 5",
        "Content_Length: 5", "Content-Length:\r\n 5", "X: x\nContent-Length: 5", "Content-Length: 5\u0000", "Content-Length: \u00ef\u00bc\u0095", "Content-Length: 3000000000", "content-length: 40",
    ];

    private static readonly string[] Chunks =
    [
        "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", "5;ext=1\r\nhello\r\n0\r\n\r\n", "5;ext=\"\r\n\"\r\nhello\r\n0\r\n\r\n", "5 \r\nhello\r\n0\r\n\r\n", "5\t;a\r\nhello\r\n0\r\n\r\n",
        "+5\r\nhello\r\n0\r\n\r\n", "-5\r\nhello\r\n0\r\n\r\n", "0x5\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "5\rhello\r0\r\r", "5\r\nhello0\r\n\r\n", "5\r\nhelloX\n0\r\n\r\n", "5\r\nhell\r\n0\r\n\r\n",
        "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", "fffffffffffffffff5\r\nhello\r\n0\r\n\r\n", "100000005\r\nhello\r\n0\r\n\r\n", "7fffffff\r\nhello\r\n0\r\n\r\n", "00000000000000005\r\nhello\r\n0\r\n\r\n", "g\r\nhello\r\n0\r\n\r\n", "\r\nhello\r\n0\r\n\r\n",
        "5\r\nhello\r\n0\r\nX-Trailer: x\r\n\r\n", $"5\r\nhello\r\n0\r\nAuthorization: Basic {HostileRequest.CallersSecret}\r\nHost: evil.example\r\nContent-Length: 50\r\n\r\n", "5\r\nhello\r\n0\r\nX: a\r\n b\r\n\r\n", "5\r\nhello\r\n0\r\n",
        "5\r\nhello\r\n00\r\n\r\n", "5\r\nhello\r\n0;\r\n\r\n", "5\r\nhello\r\n0 \r\n\r\n", "2;\nxx\r\n5\r\nhello\r\n0\r\n\r\n", "2;\rxx\r\n5\r\nhello\r\n0\r\n\r\n", "1;\n\r\n5\r\nhello\r\n0\r\n\r\n", "\u00ef\u00bc\u0095\r\nhello\r\n0\r\n\r\n",
    ];

    /// <param name="random">The chance.</param>
    /// <param name="target">What the request asks for.</param>
    /// <param name="credentials">Its header lines.</param>
    /// <param name="second">A whole request, to hide in its body.</param>
    public static string Make(Random random, string target, string credentials, string second)
    {
        var lineEnd = random.Next(20) == 0 ? "\n" : "\r\n";
        var encodings = Few(random, Encodings);
        var lengths = Few(random, Lengths);
        string[] lines =
        [
            $"{random.Pick("POST", "POST", "PUT", "GET", "HEAD", "DELETE", "OPTIONS")} {target} HTTP/{random.Pick("1.1", "1.1", "1.1", "1.1", "1.1", "1.1", "1.0", "2.0", "0.9", "1.2", "3.7", "1.1 ", "1.1x")}",
            "Host: gateway", .. credentials.Split("\r\n", StringSplitOptions.RemoveEmptyEntries), .. random.Next(2) == 0 ? encodings.Concat(lengths) : lengths.Concat(encodings),
            .. random.Next(8) == 0 ? ["Expect: 100-continue"] : Array.Empty<string>(), .. random.Next(8) == 0 ? ["Connection: keep-alive, Content-Length"] : Array.Empty<string>(),
        ];
        return string.Join(lineEnd, lines) + lineEnd + lineEnd + Body(random, second);
    }

    private static string[] Few(Random random, string[] from) => [.. Enumerable.Range(0, random.Pick(0, 1, 1, 1, 2)).Select(_ => random.Pick(from))];

    private static string Body(Random random, string second) => random.Next(9) switch
    {
        0 => "hello",
        1 => second,
        2 => "0\r\n\r\n" + second,
        3 => $"{second.Length:x}\r\n{second}\r\n0\r\n\r\n",
        4 => random.Pick(Chunks) + second,
        5 => "hello" + second,
        6 => $"5;a=\"\n{second.Length:x}\r\n{second}\r\n0\r\n\r\n",
        7 => second + second,
        _ => random.Pick(Chunks),
    };
}
