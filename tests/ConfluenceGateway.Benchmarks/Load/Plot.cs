using System.Globalization;
using System.Net;
using System.Text;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>A plot of ratios, as SVG: a dot for the median and a line for the range, a row for each, and a rule at 1.</summary>
internal static class Plot
{
    private const int Labels = 330;
    private const int Width = 560;
    private const int Row = 18;
    private const int Top = 44;

    private static readonly string[] Colours = ["#1f6feb", "#bf8700", "#8250df"];

    /// <summary>Draws it.</summary>
    /// <param name="title">What is shown.</param>
    /// <param name="rows">What each row is about, what it is beside, and the ratio.</param>
    public static string Of(string title, IReadOnlyList<(string Row, string Beside, Spread Ratio)> rows)
    {
        var names = rows.Select(row => row.Row).Distinct().ToList();
        var besides = rows.Select(row => row.Beside).Distinct().ToList();
        var most = Math.Ceiling(rows.Max(row => row.Ratio.Most) * 2) / 2;
        var height = Top + names.Count * (Row + 6) + 30;
        double X(double ratio) => Labels + ratio / most * Width;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Labels + Width + 20} {height}" font-family="sans-serif" font-size="12">""");
        svg.AppendLine("""<rect width="100%" height="100%" fill="white"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="10" y="18" font-size="14">{WebUtility.HtmlEncode(title)}</text>""");
        foreach (var (index, beside) in besides.Index())
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<circle cx="{Labels + index * 180}" cy="14" r="5" fill="{Colours[index]}"/><text x="{Labels + index * 180 + 10}" y="18">{WebUtility.HtmlEncode(beside)}</text>""");
        }

        for (var tick = 0.0; tick <= most; tick += 0.5)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{X(tick):f1}" x2="{X(tick):f1}" y1="{Top - 10}" y2="{height - 24}" stroke="{(tick == 1 ? "#57606a" : "#d0d7de")}"/><text x="{X(tick):f1}" y="{height - 8}" text-anchor="middle">{tick:0.0}</text>""");
        }

        foreach (var (index, name) in names.Index())
        {
            var y = Top + index * (Row + 6) + 8;
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="10" y="{y + 4}">{WebUtility.HtmlEncode(name)}</text>""");
            foreach (var (_, beside, ratio) in rows.Where(row => row.Row == name))
            {
                var at = y + besides.IndexOf(beside) * 6 - 6;
                svg.AppendLine(CultureInfo.InvariantCulture, $"""<line x1="{X(ratio.Least):f1}" x2="{X(ratio.Most):f1}" y1="{at}" y2="{at}" stroke="{Colours[besides.IndexOf(beside)]}"/><circle cx="{X(ratio.Median):f1}" cy="{at}" r="3.5" fill="{Colours[besides.IndexOf(beside)]}"/>""");
            }
        }

        return svg.AppendLine("</svg>").ToString();
    }
}
