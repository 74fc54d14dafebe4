using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Image;

/// <summary>The recipe of the image, instruction by instruction.</summary>
internal static partial class Dockerfile
{
    /// <summary>The instructions of each stage, without comments, each on one line.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<(string Name, string Text)>> Stages { get; } = Read();

    /// <summary>The stage that becomes the gateway's image.</summary>
    public static IReadOnlyList<(string Name, string Text)> Gateway => Stages["gateway"];

    /// <summary>What follows the only instruction of this name in the gateway's stage.</summary>
    public static string Single(string name) => Assert.Single(Gateway, instruction => instruction.Name == name).Text;

    /// <summary>The variables that the gateway's image sets.</summary>
    public static Dictionary<string, string> Environment { get; } = EnvironmentOf("gateway");

    /// <summary>The variables that a stage sets.</summary>
    public static Dictionary<string, string> EnvironmentOf(string stage) => Assert.Single(Stages[stage], instruction => instruction.Name == "ENV").Text
        .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>The files and folders of the repository that a stage copies.</summary>
    public static IEnumerable<string> Copied(string stage) => Stages[stage]
        .Where(instruction => instruction.Name == "COPY" && !instruction.Text.StartsWith("--from", StringComparison.Ordinal))
        .SelectMany(instruction => instruction.Text.Split(' ')[..^1]);

    /// <summary>The command that publishes a program of the repository, with <paramref name="arguments"/> in the place of the build's own.</summary>
    public static string Publish(string project, params (string Name, string Value)[] arguments)
    {
        var command = Assert.Single(Stages["build"], instruction => instruction.Name == "RUN" && instruction.Text.StartsWith($"dotnet publish {project} ", StringComparison.Ordinal)).Text;
        return arguments.Aggregate(command, (text, argument) => text.Replace("$" + argument.Name, argument.Value, StringComparison.Ordinal));
    }

    private static Dictionary<string, IReadOnlyList<(string Name, string Text)>> Read()
    {
        var stages = new Dictionary<string, IReadOnlyList<(string, string)>>();
        List<(string, string)> current = [];
        var text = Continuation().Replace(Comment().Replace(Repository.Read("Dockerfile"), ""), " ");
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (name, rest) = (line.Split(' ')[0], line[line.IndexOf(' ')..].Trim());
            if (name == "FROM")
            {
                stages[rest.Split(" AS ")[1]] = current = [];
            }

            current.Add((name, rest));
        }

        return stages;
    }

    [GeneratedRegex(@"^#.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\n\s*")]
    private static partial Regex Continuation();
}
