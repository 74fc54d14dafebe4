using System.Threading.Channels;
using BitFaster.Caching.Lru;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// Finds out whether a grant still covers its connection's site when the upstream denies a token that must be good. It asks
/// once for each pair, and beside the requests: none waits for it.
/// </summary>
internal sealed partial class SiteChecks(
    AccessibleResources resources, IGrantStore grants, GatewayMetrics metrics, TimeProvider time, ILogger<SiteChecks> logger) : BackgroundService
{
    // Should more connections be denied than this, the oldest is asked for again.
    private const int Remembered = 10_000;

    // What finds no room is asked for with its next pair.
    private const int Waiting = 256;

    private readonly ConcurrentLru<string, GrantVersion> _asked = new(Environment.ProcessorCount, Remembered, StringComparer.Ordinal);
    private readonly Channel<ConnectionSnapshot> _denied = Channel.CreateBounded<ConnectionSnapshot>(new BoundedChannelOptions(Waiting)
    {
        FullMode = BoundedChannelFullMode.DropWrite,
        SingleReader = true,
    });

    /// <summary>Has the site of a connection checked, unless it was for this pair.</summary>
    /// <param name="denied">The connection, with the pair that the upstream denied.</param>
    public void Ask(ConnectionSnapshot denied)
    {
        var (id, version) = (denied.Connection.Id.Value, denied.Grant!.Version);
        if (!_asked.TryGet(id, out var asked) || asked != version)
        {
            _asked.AddOrUpdate(id, version);
            _denied.Writer.TryWrite(denied);
        }
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var denied in _denied.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await CheckAsync(denied, stoppingToken);
            }
            catch (Exception exception) when (exception is AtlassianUnavailableException or StoreUnavailableException)
            {
                Log.NotChecked(logger, denied.Connection.Id, exception);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Caught once, here: a defect must not end the process, which serves without this too.
                Log.Broken(logger, denied.Connection.Id, exception);
            }
        }
    }

    private async Task CheckAsync(ConnectionSnapshot denied, CancellationToken stopping)
    {
        var (connection, grant) = (denied.Connection, denied.Grant!);
        var sites = await resources.SitesAsync(grant.Pair.AccessToken, stopping);
        if (ReauthReasons.SiteLost(connection, sites, time.GetUtcNow()) is not { } death)
        {
            Log.StillCovered(logger, connection.Id);
        }
        else if (await grants.MarkDeadAsync(connection.Id, grant.Pair.RefreshToken, grant.Attempts, death))
        {
            metrics.ReauthRequired.WithLabels(GrantRecord.Name(death.Reason)).Inc();
            Log.Lost(logger, connection.Id, death.Evidence);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Id} needs a person to consent again: its site is lost ({Evidence}).")]
        public static partial void Lost(ILogger logger, ConnectionId id, string evidence);

        [LoggerMessage(LogLevel.Debug, "The upstream denies the token of {Id}, and its grant covers the site.")]
        public static partial void StillCovered(ILogger logger, ConnectionId id);

        [LoggerMessage(LogLevel.Warning, "Whether the grant of {Id} still covers its site cannot be told.")]
        public static partial void NotChecked(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Error, "The site of {Id} could not be checked.")]
        public static partial void Broken(ILogger logger, ConnectionId id, Exception exception);
    }
}
