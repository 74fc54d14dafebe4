using Prometheus;

namespace ConfluenceGateway.Telemetry;

/// <summary>A moment as a metric, in seconds since 1970. Absent while there is none, so that no alert compares with it.</summary>
internal sealed class MomentGauge(IMetricFactory metrics, string name, string help)
{
    private readonly Gauge _gauge = metrics.CreateGauge(name, help, new GaugeConfiguration { SuppressInitialValue = true });

    /// <summary>Shows <paramref name="moment"/>; null shows nothing.</summary>
    public void Publish(DateTimeOffset? moment)
    {
        if (moment is { } known)
        {
            _gauge.Set(known.ToUnixTimeMilliseconds() / 1000.0);
        }
        else
        {
            _gauge.Unpublish();
        }
    }
}
