using ConfluenceGateway.Tests.Conventions;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ConfluenceGateway.Deployment.Monitoring;

/// <summary>A file of cases for <c>promtool test rules</c>, as far as tests look into it.</summary>
internal sealed class PromtoolCases
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "ConfluenceGateway.Deployment", "Monitoring");

    public List<string> GroupEvalOrder { get; init; } = [];

    public List<PromtoolCase> Tests { get; init; } = [];

    /// <summary>Their names, in the folder of this class.</summary>
    public static IEnumerable<string> Files => Directory.EnumerateFiles(Folder, "*.test.yaml").Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public static string PathOf(string file) => Path.Combine(Folder, file);

    public static PromtoolCases Read(string file) => new DeserializerBuilder()
        .WithNamingConvention(UnderscoredNamingConvention.Instance).IgnoreUnmatchedProperties().Build().Deserialize<PromtoolCases>(File.ReadAllText(PathOf(file)));
}

/// <summary>Series, and what follows from them.</summary>
internal sealed class PromtoolCase
{
    public List<ExpectedAlerts> AlertRuleTest { get; init; } = [];
}

/// <summary>Whether an alert fires at a moment.</summary>
internal sealed class ExpectedAlerts
{
    public string Alertname { get; init; } = "";

    public List<object> ExpAlerts { get; init; } = [];
}
