using System.Globalization;

namespace ConfluenceGateway.Benchmarks.Rig;

/// <summary>A median with the range it is from.</summary>
internal sealed record Spread(double Median, double Least, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new Spread(sorted[sorted.Count / 2], sorted[0], sorted[^1]);
    }

    /// <summary>For people, such as <c>1.04 (1.01 to 1.09)</c>.</summary>
    public string ToString(string format, string unit = "")
    {
        string Number(double value) => value.ToString(format, CultureInfo.InvariantCulture);
        return $"{Number(Median)}{unit} ({Number(Least)} to {Number(Most)})";
    }
}
