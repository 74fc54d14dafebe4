using ConfluenceGateway.Tests.Conventions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace ConfluenceGateway.Deployment.Compose;

/// <summary>docker-compose.yml, read strictly: what these types do not know is an error.</summary>
internal sealed class ComposeFile
{
    public Dictionary<string, Service> Services { get; set; } = [];

    public Dictionary<string, object?> Volumes { get; set; } = [];

    public Dictionary<string, Config> Configs { get; set; } = [];

    public static ComposeFile Read()
    {
        // Extensions, which begin with x-, are of no meaning of their own.
        var document = new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(new MergingParser(new Parser(new StringReader(Repository.Read("docker-compose.yml")))));
        var own = new SerializerBuilder().Build().Serialize(document.Where(entry => !entry.Key.StartsWith("x-", StringComparison.Ordinal)).ToDictionary());
        return new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build().Deserialize<ComposeFile>(own);
    }

    /// <summary>The content of a config, as a container sees it.</summary>
    public string Content(string config) => Configs[config].Content.Replace("$$", "$", StringComparison.Ordinal);

    internal sealed class Service
    {
        public string Image { get; set; } = "";

        public object? Build { get; set; }

        public bool ReadOnly { get; set; }

        public List<string> Tmpfs { get; set; } = [];

        public List<string> CapDrop { get; set; } = [];

        public List<string> SecurityOpt { get; set; } = [];

        public string StopGracePeriod { get; set; } = "";

        public string Restart { get; set; } = "";

        public object? DependsOn { get; set; }

        public Dictionary<string, string> Environment { get; set; } = [];

        public List<string> Ports { get; set; } = [];

        public List<string> Volumes { get; set; } = [];

        public List<string> Command { get; set; } = [];

        public List<string> Entrypoint { get; set; } = [];

        public List<Mount> Configs { get; set; } = [];

        public Dictionary<string, object>? Healthcheck { get; set; }

        /// <summary>The services it waits for.</summary>
        public IEnumerable<string> Waits => DependsOn switch
        {
            IEnumerable<KeyValuePair<object, object>> conditions => conditions.Select(condition => (string)condition.Key),
            IEnumerable<object> names => names.Cast<string>(),
            _ => [],
        };
    }

    internal sealed class Mount
    {
        public string Source { get; set; } = "";

        public string Target { get; set; } = "";
    }

    internal sealed class Config
    {
        public string Content { get; set; } = "";
    }
}
