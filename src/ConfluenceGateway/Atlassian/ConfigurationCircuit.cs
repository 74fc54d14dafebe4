using System.Diagnostics.CodeAnalysis;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Atlassian;

/// <summary>
/// Open while the token endpoint refuses the app itself (wrong secret, wrong app), or so many of its grants that the app must
/// be at fault. It keeps such an answer from being taken for the death of grants, and the endpoint from being asked by every
/// caller.
/// </summary>
internal sealed partial class ConfigurationCircuit : IDisposable
{
    /// <summary>How long the circuit stays shut against exchanges before one may probe.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly GatewayMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<ConfigurationCircuit> _logger;
    private readonly IDisposable? _subscription;
    private string _secret;
    private DateTimeOffset _nextProbe;

    public ConfigurationCircuit(IOptionsMonitor<AtlassianOptions> options, GatewayMetrics metrics, TimeProvider time, ILogger<ConfigurationCircuit> logger)
    {
        (_metrics, _time, _logger) = (metrics, time, logger);
        _secret = options.CurrentValue.ClientSecret;
        _subscription = options.OnChange(changed =>
        {
            if (Interlocked.Exchange(ref _secret, changed.ClientSecret) != changed.ClientSecret)
            {
                // A new secret deserves a try at once.
                Log.SecretChanged(_logger);
                Close();
            }
        });
    }

    /// <summary>Raised after it opened or closed.</summary>
    public event Action? Changed;

    /// <summary>What the token endpoint said; null while the circuit is closed.</summary>
    public string? Evidence { get; private set; }

    /// <summary>Whether it is open because too many grants were refused. Then another refused grant is no sign of an accepted app.</summary>
    public bool IsOpenForGrants { get; private set; }

    /// <summary>Whether an exchange may be tried now: always while closed, one in <see cref="ProbeInterval"/> while open.</summary>
    /// <param name="evidence">When not: what the token endpoint said.</param>
    /// <param name="retryAfter">When not: how long until the next probe.</param>
    public bool TryEnter([NotNullWhen(false)] out string? evidence, out TimeSpan retryAfter)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            (evidence, retryAfter) = (Evidence, _nextProbe - now);
            if (evidence is not null && retryAfter > TimeSpan.Zero)
            {
                return false;
            }

            _nextProbe = now + ProbeInterval;
            return true;
        }
    }

    /// <summary>The token endpoint refused the app.</summary>
    /// <param name="evidence">What it said.</param>
    /// <param name="forGrants">Whether it refused too many of its grants.</param>
    public void Open(string evidence, bool forGrants = false)
    {
        lock (_gate)
        {
            (Evidence, IsOpenForGrants) = (evidence, forGrants);
            _nextProbe = _time.GetUtcNow() + ProbeInterval;
        }

        _metrics.ConfigurationCircuitOpen.Set(1);
        Log.Opened(_logger, evidence);
        Changed?.Invoke();
    }

    /// <summary>The token endpoint accepted the app.</summary>
    public void Close()
    {
        lock (_gate)
        {
            if (Evidence is null)
            {
                return;
            }

            (Evidence, IsOpenForGrants) = (null, false);
        }

        _metrics.ConfigurationCircuitOpen.Set(0);
        Log.Closed(_logger);
        Changed?.Invoke();
    }

    /// <inheritdoc />
    public void Dispose() => _subscription?.Dispose();

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The token endpoint refuses this app ({Evidence}). No connection is touched, valid tokens serve on. Check Atlassian:ClientId and Atlassian:ClientSecret.")]
        public static partial void Opened(ILogger logger, string evidence);

        [LoggerMessage(LogLevel.Information, "The token endpoint accepts this app again.")]
        public static partial void Closed(ILogger logger);

        [LoggerMessage(LogLevel.Information, "Atlassian:ClientSecret changed.")]
        public static partial void SecretChanged(ILogger logger);
    }
}
