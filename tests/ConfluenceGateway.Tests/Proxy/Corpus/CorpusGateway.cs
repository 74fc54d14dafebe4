using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Proxy.Corpus;

/// <summary>A gateway in front of an upstream that answers with the recorded bytes.</summary>
public sealed class CorpusGateway(Stores stores) : IAsyncLifetime
{
    private RawUpstream? _upstream;
    private World? _world;

    public Uri Url => _world!.Gateway.App.BaseAddress!;

    public async ValueTask InitializeAsync()
    {
        var answers = RecordedAnswer.Names.Select(RecordedAnswer.Read).ToDictionary(answer => $"{answer.Method} /ex/confluence/{World.AcmeCloudId}{answer.Target} HTTP/1.1");
        _upstream = RawUpstream.Start(async connection =>
        {
            while (await connection.ReadHeadAsync() is { } head)
            {
                if (!answers.TryGetValue(head.StartLine, out var answer))
                {
                    // What the gateway asks for itself, when an answer gives it reason to.
                    await connection.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
                    continue;
                }

                await connection.WriteAsync(answer.Wire());
                if (answer.Head.Values("Connection").Contains("close"))
                {
                    return;
                }
            }
        });
        _world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, $"--Atlassian:ApiBaseUrl={_upstream.Url}", "--Compatibility:V1=Off");
        await _world.Gateway.CreateAsync("demo");
        await _world.Gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
            ConnectionId.Parse("demo", null), Pairs.Of("corpus"), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net");
    }

    public async ValueTask DisposeAsync()
    {
        await _world!.DisposeAsync();
        await _upstream!.DisposeAsync();
    }
}
