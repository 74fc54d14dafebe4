using System.Net;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy.Throttling;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Proxy.Throttling;

/// <summary>The fair share of one replica. Those with the same key prefix add up what they count, whenever the test says so.</summary>
internal sealed class QuotaReplica : IAsyncDisposable
{
    public const string ClientId = "the-app";

    private readonly RedisConnection _redis;
    private readonly LoggerFactory _loggers;

    public QuotaReplica(string connectionString, string keyPrefix, FakeTimeProvider clock, FairShareMode mode, int quotaPoints)
    {
        _loggers = new LoggerFactory([Log]);
        _redis = new RedisConnection(connectionString, Metrics, _loggers.CreateLogger<RedisConnection>());
        Keys = new RedisKeys(Options.Create(new RedisOptions { KeyPrefix = keyPrefix }));
        Quota = new AppQuota(Metrics, clock);
        FairShare = new FairShare(
            new QuotaTotals(_redis, Keys), Quota, Metrics, Options.Create(new ThrottlingOptions { FairShare = mode, QuotaPoints = quotaPoints }),
            Options.Create(new AtlassianOptions { ClientId = ClientId }), clock, _loggers.CreateLogger<FairShare>());
    }

    public FairShare FairShare { get; }

    public AppQuota Quota { get; }

    public GatewayMetrics Metrics { get; } = new();

    public RunLogProvider Log { get; } = new();

    public RedisKeys Keys { get; }

    public IDatabase Database => _redis.Database;

    /// <summary>Sends a request of one point; false when it is refused.</summary>
    public bool Send(string id) => Refusal(id) is null;

    /// <summary>The answer to a request of one point.</summary>
    public TimeSpan? Refusal(string id) => FairShare.Refusal(ConnectionId.Parse(id, null), "POST", "wiki/api/v2/pages");

    /// <summary>How many of so many requests of one point are let pass.</summary>
    public int Send(string id, int times) => Enumerable.Range(0, times).Count(_ => Send(id));

    /// <summary>Atlassian tells what is left of the quota, and for how long.</summary>
    public void Hear(int limit, int remaining, TimeSpan left)
    {
        using var answer = Answers.With(
            HttpStatusCode.OK, $"RateLimit-Policy: \"global-app-quota\";q={limit};w=3600", $"RateLimit: \"global-app-quota\";r={remaining};t={(int)left.TotalSeconds}");
        Quota.Observe(answer);
    }

    /// <summary>What all replicas counted in the window that began then; null when there is nothing.</summary>
    public async Task<long?> StoredAsync(DateTimeOffset begin, string field = "*") => (long?)await Database.HashGetAsync(Keys.Quota(ClientId, begin), field);

    public async ValueTask DisposeAsync()
    {
        FairShare.Dispose();
        await _redis.DisposeAsync();
        _loggers.Dispose();
    }
}
