using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>A gateway whose connection <c>demo</c> leads to a site that answers as a test says, and notes what it was asked.</summary>
internal sealed class ScriptedSite : IAsyncDisposable
{
    private readonly RawUpstream _upstream;
    private readonly World _world;
    private readonly ConcurrentQueue<SiteRequest> _asked;

    private ScriptedSite(RawUpstream upstream, World world, ConcurrentQueue<SiteRequest> asked)
    {
        _upstream = upstream;
        _world = world;
        _asked = asked;
    }

    /// <summary>What every target begins with.</summary>
    public static string Prefix => $"/ex/confluence/{World.AcmeCloudId}";

    public TestGateway Gateway => _world.Gateway;

    public HttpClient App => _world.Gateway.App;

    /// <summary>What the site was asked, in order.</summary>
    public IReadOnlyList<SiteRequest> Asked => [.. _asked];

    /// <summary>How many connections the gateway closed before it had an answer.</summary>
    public int Abandoned => _asked.Count(request => request.IsAbandoned);

    /// <summary>Starts one.</summary>
    /// <param name="stores">The stores.</param>
    /// <param name="answer">What the site answers; null for never.</param>
    /// <param name="settings">Settings of the gateway.</param>
    public static async Task<ScriptedSite> StartAsync(Stores stores, Func<SiteRequest, SiteReply?> answer, params string[] settings)
    {
        var asked = new ConcurrentQueue<SiteRequest>();
        var upstream = RawUpstream.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                var body = new MemoryStream();
                if (head.IsChunked || head.ContentLength > 0)
                {
                    await connection.ReadBodyAsync(head, part => body.Write(part));
                }

                var request = new SiteRequest(head.Method, head.Target, Encoding.UTF8.GetString(body.ToArray()));
                if (head.Target.StartsWith("/oauth", StringComparison.Ordinal))
                {
                    await connection.WriteAsync(new SiteReply(404, "").Wire());
                    continue;
                }

                asked.Enqueue(request);
                if (answer(request) is not { } reply)
                {
                    request.IsAbandoned = await connection.ReadHeadAsync() is null;
                    return;
                }

                await connection.WriteAsync(reply.Wire());
            }
        });
        var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, [$"--Atlassian:ApiBaseUrl={upstream.Url}", "--Compatibility:V1=Always", .. settings]);
        await world.Gateway.CreateAsync("demo");
        await world.Gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
            ConnectionId.Parse("demo", null), Pairs.Of("scripted"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
        return new ScriptedSite(upstream, world, asked);
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _upstream.DisposeAsync();
    }
}

/// <summary>What a site was asked.</summary>
/// <param name="Method">The method.</param>
/// <param name="Target">The target, byte for byte.</param>
/// <param name="Body">The body.</param>
internal sealed record SiteRequest(string Method, string Target, string Body)
{
    /// <summary>Whether nobody waited for the answer any more.</summary>
    public bool IsAbandoned { get; set; }

    /// <summary>The method, and the path below the site's wiki without the query.</summary>
    public string Operation => $"{Method} {Target.Split('?')[0].Replace(ScriptedSite.Prefix + "/wiki", "", StringComparison.Ordinal)}";
}

/// <summary>What a site answers.</summary>
/// <param name="Status">The status.</param>
/// <param name="Body">The body.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Headers">Further header lines.</param>
internal sealed record SiteReply(int Status, string Body, string ContentType = "application/json", params string[] Headers)
{
    public byte[] Wire()
    {
        var head = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {Status} Scripted\r\nContent-Type: {ContentType}\r\nContent-Length: {Encoding.UTF8.GetByteCount(Body)}\r\n"));
        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(head.Append("\r\n").Append(Body).ToString());
    }
}
