using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>The dashboard for Grafana that comes with the chart.</summary>
internal sealed class Dashboard
{
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What Grafana puts in for its variables, for example.
    private static readonly (string Variable, string Value)[] Variables = [("$__rate_interval", "5m"), ("$__range", "1h"), ("$instance", ".*")];

    private readonly JsonNode _json = JsonNode.Parse(Text)!;

    public static string Text { get; } = Repository.Read("charts", "confluence-gateway", "files", "dashboard.json");

    public JsonNode Json => _json;

    /// <summary>It, as it is written.</summary>
    public string Written => _json.ToJsonString(Pretty) + "\n";

    public IReadOnlyList<Panel> Panels => [.. _json["panels"]!.AsArray().Select(panel => new Panel(panel!))];

    /// <summary>Every expression, with values in place of Grafana's variables.</summary>
    public IEnumerable<string> Expressions => Panels.SelectMany(panel => panel.Expressions)
        .Select(expression => Variables.Aggregate(expression, (text, variable) => text.Replace(variable.Variable, variable.Value, StringComparison.Ordinal)));
}

/// <summary>A panel, or the heading of a row.</summary>
internal sealed class Panel(JsonNode json)
{
    public int Id => json["id"]!.GetValue<int>();

    public string Title => json["title"]!.GetValue<string>();

    public string Type => json["type"]!.GetValue<string>();

    public bool IsRow => Type == "row";

    public string? Description => json["description"]?.GetValue<string>();

    public string? Unit => json["fieldConfig"]?["defaults"]?["unit"]?.GetValue<string>();

    public string? Datasource => json["datasource"]?["uid"]?.GetValue<string>();

    /// <summary>Its place, in cells of a grid that is 24 wide.</summary>
    public (int X, int Y, int Width, int Height) Place => (Cell("x"), Cell("y"), Cell("w"), Cell("h"));

    public IReadOnlyList<JsonNode> Targets => [.. (json["targets"]?.AsArray() ?? []).Select(target => target!)];

    public IEnumerable<string> Expressions => Targets.Select(target => target["expr"]!.GetValue<string>());

    /// <summary>Where its links lead.</summary>
    public IEnumerable<string> Links => (json["links"]?.AsArray() ?? []).Select(link => link!["url"]!.GetValue<string>());

    public bool Overlaps(Panel other)
    {
        var (a, b) = (Place, other.Place);
        return a.X < b.X + b.Width && b.X < a.X + a.Width && a.Y < b.Y + b.Height && b.Y < a.Y + a.Height;
    }

    private int Cell(string name) => json["gridPos"]![name]!.GetValue<int>();
}
