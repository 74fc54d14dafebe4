using System.Text;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tests.Proxy.Corpus;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>Answers in the shapes that Atlassian's have reach the caller byte for byte, but for what is named here.</summary>
public sealed class CorpusTests(CorpusGateway gateway) : IClassFixture<CorpusGateway>
{
    // Sessions at, and promises about, a host that the caller does not talk to.
    private static readonly string[] Removed = ["Set-Cookie", "Strict-Transport-Security", "NEL", "Report-To"];

    // Of one connection each (RFC 9110 section 7.6.1); how a body is framed is one of them.
    private static readonly string[] HopByHop = ["Connection", "Keep-Alive", "Transfer-Encoding"];

    // What leads from the host's root gets the prefix that the caller knows the site by.
    private static readonly Dictionary<string, Func<string, string>> Relocated = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Location"] = value => value.StartsWith("/wiki", StringComparison.Ordinal) ? "/confluence/demo" + value : value,
        ["Link"] = value => value.Replace("</wiki", "</confluence/demo/wiki", StringComparison.Ordinal),
    };

    // The server here fills in a reason that is left empty, which means nothing to anybody (RFC 9112 section 4), and has no
    // trailers over HTTP/1.1, which anybody on the way may leave out (RFC 9110 section 6.5.1).
    private static string StartLine(string sent) => sent.EndsWith("200 ", StringComparison.Ordinal) ? sent + "OK" : sent;

    public static TheoryData<string> Names => [.. RecordedAnswer.Names];

    [Theory, MemberData(nameof(Names))]
    public async Task It_passes_as_it_came(string name)
    {
        var sent = RecordedAnswer.Read(name);
        await using var connection = await RawConnection.OpenAsync(gateway.Url);
        await connection.WriteAsync(Encoding.Latin1.GetBytes($"{sent.Method} /confluence/demo{sent.Target} HTTP/1.1\r\nHost: gateway\r\n{(sent.Method == "POST" ? "Content-Length: 0\r\n" : "")}\r\n"));

        var head = await connection.ReadHeadAsync();
        Assert.NotNull(head);
        var body = new MemoryStream();
        var trailers = sent.HasBody ? await connection.ReadBodyAsync(head, body.Write) : RawHead.Parse([]);

        Assert.NotNull(trailers);
        Assert.Equal(StartLine(sent.Head.StartLine), head.StartLine);
        Assert.Equal(Expected(sent.Head.Headers), Comparable(head.Headers));
        Assert.Equal(sent.HasBody ? sent.Body : [], body.ToArray());
        Assert.Empty(trailers.Headers);
        Assert.False(connection.HasUnread);
    }

    private static IEnumerable<string> Expected(IEnumerable<RawHeader> headers) => Comparable(headers
        .Where(header => !Removed.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
        .Select(header => Relocated.TryGetValue(header.Name, out var relocated) ? header with { Value = relocated(header.Value) } : header));

    // Names mean the same in any case, and the order is told within a name only (RFC 9110 section 5.3).
    private static IEnumerable<string> Comparable(IEnumerable<RawHeader> headers) => headers
        .Where(header => !HopByHop.Contains(header.Name, StringComparer.OrdinalIgnoreCase))
        .OrderBy(header => header.Name, StringComparer.OrdinalIgnoreCase)
        .Select(header => $"{header.Name.ToUpperInvariant()}: {header.Value}");
}
