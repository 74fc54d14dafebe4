using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using Prometheus;

namespace ConfluenceGateway.Telemetry;

/// <summary>Every metric of the gateway. No connection id is ever a label: there may be a hundred thousand of them.</summary>
internal sealed class GatewayMetrics
{
    private const string Prefix = "confluence_gateway_";

    // Token endpoints have been seen to take more than a minute.
    private static readonly double[] ExchangeBuckets = [.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 30, 60, 90];
    private static readonly double[] RequestBuckets = [.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60];
    private static readonly double[] OverheadBuckets = [.00005, .0001, .00025, .0005, .001, .0025, .005, .01, .05, .25, 1, 5, 30];

    private readonly ConcurrentDictionary<(string Product, int Code), Counter.Child> _requestsCounted = new();

    public GatewayMetrics()
    {
        DotNetStats.Register(Registry);
        var metrics = Metrics.WithCustomRegistry(Registry);
        // Each observation would look for a trace otherwise, and the text format that is scraped has no place for one.
        metrics.ExemplarBehavior = ExemplarBehavior.NoExemplars();
        Requests = metrics.CreateCounter(Prefix + "requests_total", "Requests of apps, by product (none when they name none) and status code answered.", "product", "code");
        Problems = metrics.CreateCounter(Prefix + "problems_total", "Answers of the gateway's own on the traffic listener, by the name of the problem.", "problem");
        foreach (var fault in Faults)
        {
            // There from the start: a series that begins with its first event shows no increase by it, and alerts look for one.
            Problems.WithLabels(fault);
        }

        RequestDuration = metrics.CreateHistogram(Prefix + "request_duration_seconds", "Time from a request's arrival to the end of its answer.", Buckets(RequestBuckets));
        Overhead = metrics.CreateHistogram(Prefix + "overhead_seconds", "The gateway's own share: from a request's arrival to its hand-over to the forwarder.", Buckets(OverheadBuckets));
        TokenRefreshes = metrics.CreateCounter(Prefix + "token_refreshes_total", "Refreshes that ended, by what started them and how they ended.", "trigger", "outcome");
        TokenRefreshDuration = metrics.CreateHistogram(Prefix + "token_refresh_duration_seconds", "Time of one exchange at the token endpoint.", Buckets(ExchangeBuckets));
        RefreshLockWait = metrics.CreateHistogram(Prefix + "refresh_lock_wait_seconds", "Time from wanting the refresh lock to holding it.", Buckets(ExchangeBuckets));
        RefreshLocksLost = metrics.CreateCounter(Prefix + "refresh_locks_lost_total", "Refresh locks that were gone when the exchange ended.");
        CommitConflicts = metrics.CreateCounter(Prefix + "commit_conflicts_total", "Rotations whose spent token was no longer the stored one at commit.");
        UnsavedRotations = metrics.CreateGauge(Prefix + "unsaved_rotations", "Rotations that the store has not taken yet; the only copies are in this process and its journal.");
        IntentRecoveries = metrics.CreateCounter(Prefix + "intent_recoveries_total", "Exchanges of a token that was sent before without an answer, by how they ended.", "outcome");
        Connections = metrics.CreateGauge(Prefix + "connections", "Connections there are, by state; each replica counts all of them.", "state");
        ReauthRequired = metrics.CreateCounter(Prefix + "reauth_required_total", "Grants marked as dead, by reason.", "reason");
        EarliestInactivityExpiry = new MomentGauge(metrics, Prefix + "earliest_inactivity_expiry_timestamp_seconds", "When Atlassian ends the grant that was not refreshed for the longest time; absent when there is none.");
        EarliestConsentExpiry = new MomentGauge(metrics, Prefix + "earliest_consent_expiry_timestamp_seconds", "When Atlassian ends the grant with the oldest consent; absent when there is none.");
        UpstreamRejections = metrics.CreateCounter(Prefix + "upstream_rejections_total", "Answers of the upstream that deny the token, by kind.", "kind");
        UpstreamThrottled = metrics.CreateCounter(Prefix + "upstream_throttled_total", "Answers of the upstream that ask to come again later, by the limit that was met.", "reason");
        UpstreamQuotaRemaining = metrics.CreateGauge(
            Prefix + "upstream_quota_remaining", "Points that are left of the app's hourly quota, by the newest answer that tells; absent while none does.", new GaugeConfiguration { SuppressInitialValue = true });
        FairShareRefusals = metrics.CreateCounter(Prefix + "fair_share_refusals_total", "Requests of connections over their share of a quota that runs out: refused (enforce), or only counted (observe).", "mode");
        CallerRefusals = metrics.CreateCounter(Prefix + "caller_refusals_total", "Requests that Callers:Mode=Key refused, by what their caller key lacks.", "reason");
        Replays = metrics.CreateCounter(Prefix + "replays_total", "What became of requests whose token the upstream rejected.", "outcome");
        V1Requests = metrics.CreateCounter(
            Prefix + "v1_requests_total", "Calls of operations that Atlassian removed from Confluence's v1 API, by what served them: v1 itself, v2, or none.", "operation", "served");
        V1UpstreamCalls = metrics.CreateCounter(Prefix + "v1_upstream_calls_total", "Calls of v2 that were made to serve operations of v1.", "operation");
        WebhookDeliveries = metrics.CreateCounter(
            Prefix + "webhook_deliveries_total", "Attempts to deliver events to webhook endpoints, and events that are not delivered, by what became of them.", "event", "outcome");
        ConfigurationCircuitOpen = metrics.CreateGauge(Prefix + "configuration_circuit_open", "1 while the token endpoint refuses this app, or too many of its grants at once.");
        StoreUp = metrics.CreateGauge(Prefix + "store_up", "1 while Redis is connected.");
        SelfCheck = metrics.CreateGauge(Prefix + "self_check", "1 while a check of the store passes, 0 while it fails; absent when it cannot be told.", "check");
        metrics.CreateGauge(Prefix + "build_info", "Always 1; the version is in the label.", "version").WithLabels(Version).Set(1);
    }

    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(GatewayMetrics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    /// <summary>The problems by which the gateway fails a request that neither the caller nor a person's decision is to blame for; they use up its error budget.</summary>
    public static IReadOnlyList<string> Faults { get; } =
    [
        "token-unavailable", "gateway-misconfigured", "upstream-unreachable", "upstream-timeout", "retry-request", "store-unavailable", "gateway-busy", "internal-error",
    ];

    /// <summary>A registry of its own, so that two gateways in one process do not count into each other.</summary>
    public CollectorRegistry Registry { get; } = Metrics.NewCustomRegistry();

    /// <summary>Counted by <see cref="CountRequest"/>.</summary>
    public Counter Requests { get; }

    public Counter Problems { get; }

    public Histogram RequestDuration { get; }

    public Histogram Overhead { get; }

    public Counter TokenRefreshes { get; }

    public Histogram TokenRefreshDuration { get; }

    public Histogram RefreshLockWait { get; }

    public Counter RefreshLocksLost { get; }

    public Counter CommitConflicts { get; }

    public Gauge UnsavedRotations { get; }

    public Counter IntentRecoveries { get; }

    public Gauge Connections { get; }

    public Counter ReauthRequired { get; }

    public MomentGauge EarliestInactivityExpiry { get; }

    public MomentGauge EarliestConsentExpiry { get; }

    public Counter UpstreamRejections { get; }

    public Counter UpstreamThrottled { get; }

    public Gauge UpstreamQuotaRemaining { get; }

    public Counter FairShareRefusals { get; }

    public Counter CallerRefusals { get; }

    public Counter Replays { get; }

    public Counter V1Requests { get; }

    public Counter V1UpstreamCalls { get; }

    public Counter WebhookDeliveries { get; }

    public Gauge ConfigurationCircuitOpen { get; }

    public Gauge StoreUp { get; }

    public Gauge SelfCheck { get; }

    /// <summary>Counts a request of an app.</summary>
    /// <param name="product">The product it names; null when it names none.</param>
    /// <param name="code">The status code answered.</param>
    public void CountRequest(string? product, int code)
    {
        // A label is looked up under a lock, and this is done for every request.
        if (!_requestsCounted.TryGetValue((product ?? "none", code), out var counter))
        {
            counter = Requests.WithLabels(product ?? "none", code.ToString(CultureInfo.InvariantCulture));
            _requestsCounted.TryAdd((product ?? "none", code), counter);
        }

        counter.Inc();
    }

    private static HistogramConfiguration Buckets(double[] buckets) => new() { Buckets = buckets };
}
