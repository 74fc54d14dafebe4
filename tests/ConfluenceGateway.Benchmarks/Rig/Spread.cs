namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A median with the range it is from.</summary>
internal sealed record Spread(double Median, double Least, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new Spread(sorted[sorted.Count / 2], sorted[0], sorted[^1]);
    }
}
