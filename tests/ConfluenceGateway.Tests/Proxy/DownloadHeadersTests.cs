using System.Collections.Concurrent;
using System.Net;
using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>Which of a caller's headers go with each call that a download takes: the look-up, the API's download, and the media host.</summary>
public sealed class DownloadHeadersTests(Stores stores)
{
    private static readonly Dictionary<string, string> OfTheFile = new()
    {
        ["Accept"] = "image/png",
        ["Accept-Encoding"] = "br",
        ["Range"] = "bytes=0-3",
        ["If-Range"] = "\"1\"",
        ["If-None-Match"] = "\"2\"",
        ["If-Modified-Since"] = "Wed, 04 Mar 2026 09:00:00 GMT",
        ["User-Agent"] = "legacy-app/1.0",
    };

    private static readonly Dictionary<string, string> OfTheCaller = new()
    {
        ["Authorization"] = "Basic YWxpY2U6c2VjcmV0",
        ["Cookie"] = "session=1",
        ["Referer"] = "https://intranet.example/page",
        ["X-Custom"] = "kept for the API",
    };

    [Fact]
    public async Task Each_call_gets_what_is_its_own()
    {
        var (asked, fetched) = (new ConcurrentQueue<RawHead>(), new ConcurrentQueue<RawHead>());
        await using var media = RawUpstream.Start(connection => AnswerAsync(connection, fetched, _ => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfile"));
        await using var api = RawUpstream.Start(connection => AnswerAsync(connection, asked, head => head.Target.EndsWith("/download", StringComparison.Ordinal)
            ? $"HTTP/1.1 302 Found\r\nLocation: {media.Url}/file/1/binary?token=x\r\nContent-Length: 0\r\n\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 28\r\n\r\n{\"results\":[{\"id\":\"att1\"} ]}"));
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, $"--Atlassian:ApiBaseUrl={api.Url}", "--Compatibility:FollowMediaRedirects=true");
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
            ConnectionId.Parse("demo", null), Pairs.Of("demo"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/confluence/demo/wiki/download/attachments/1/a.png");
        foreach (var (name, value) in OfTheFile.Concat(OfTheCaller))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var answer = await world.Gateway.App.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, "file"), (answer.StatusCode, await answer.Content.ReadAsStringAsync()));
        var (lookup, download) = (asked.First(), asked.Last());
        Assert.Equal(2, asked.Count);
        Assert.Equal("application/json", Assert.Single(lookup.Values("Accept")));
        Assert.All(OfTheFile.Keys.Except(["Accept", "User-Agent"]), name => Assert.Empty(lookup.Values(name)));
        Assert.All(OfTheFile, header => Assert.Equal(header.Value, Assert.Single(download.Values(header.Key))));
        Assert.All([lookup, download], head => Assert.Equal("Bearer access of demo", Assert.Single(head.Values("Authorization"))));
        Assert.All([lookup, download], head => Assert.Equal(OfTheCaller["X-Custom"], Assert.Single(head.Values("X-Custom"))));

        var file = Assert.Single(fetched);
        Assert.Equal("/file/1/binary?token=x", file.Target);
        Assert.Equal(OfTheFile.Append(new("Host", new Uri(media.Url).Authority)).OrderBy(header => header.Key), file.Headers.Select(header => KeyValuePair.Create(header.Name, header.Value)).OrderBy(header => header.Key));
    }

    private static async Task AnswerAsync(RawConnection connection, ConcurrentQueue<RawHead> seen, Func<RawHead, string> answer)
    {
        while (await connection.ReadHeadAsync() is { } head)
        {
            seen.Enqueue(head);
            await connection.WriteAsync(Encoding.ASCII.GetBytes(answer(head)));
        }
    }
}
