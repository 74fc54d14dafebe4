using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;
using YamlDotNet.Serialization;

namespace ConfluenceGateway.Deployment.Release;

/// <summary>What builds and publishes has no more rights than it needs, and takes nothing that may change under it.</summary>
public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows => [.. Directory.GetFiles(Path.Combine(Repository.Root, ".github", "workflows")).Select(file => Path.GetFileName(file)).Order()];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void Every_action_is_pinned_to_a_commit(string workflow)
    {
        var uses = Uses().Matches(Text(workflow)).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(uses);
        Assert.All(uses, action => Assert.Matches("^[a-z-]+/[a-z-]+@[0-9a-f]{40} # v[0-9.]+$", action));
    }

    [Theory]
    [MemberData(nameof(Workflows))]
    public void No_job_may_write_but_the_one_that_publishes_and_none_keeps_credentials(string workflow)
    {
        var document = Read(workflow);
        var jobs = (IDictionary<object, object>)document["jobs"];
        Assert.True(document.ContainsKey("permissions"));
        foreach (var (name, job) in jobs.Select(entry => ((string)entry.Key, (IDictionary<object, object>)entry.Value)))
        {
            var granted = job.TryGetValue("permissions", out var own) ? own : document["permissions"];
            var rights = granted as IDictionary<object, object> ?? new Dictionary<object, object>();
            string[] expected = name == "publish" ? ["contents", "packages"] : [];
            Assert.Equal(expected, rights.Where(right => (string)right.Value == "write").Select(right => (string)right.Key).Order());
            Assert.True(job.ContainsKey("timeout-minutes"), name);
        }

        Assert.Equal(Uses().Matches(Text(workflow)).Count(match => match.Value.Contains("actions/checkout", StringComparison.Ordinal)), Regex.Count(Text(workflow), "persist-credentials: false"));
    }

    [Fact]
    public void What_is_published_was_tested_before() =>
        Assert.Equal("test", ((IDictionary<object, object>)((IDictionary<object, object>)Read("release.yml")["jobs"])["publish"])["needs"]);

    [Theory]
    [InlineData("v1.2.3", "1.2.3", "what 1.2.3 brings")]
    [InlineData("v1.2.3-rc.1", "1.2.3-rc.1", "what the candidate brings")]
    [InlineData("v9.9.9", null, null)]
    public async Task The_notes_of_a_release_are_what_the_changelog_says_of_it(string tag, string? version, string? notes)
    {
        using var directory = new TemporaryDirectory();
        await File.WriteAllTextAsync(Path.Combine(directory.Path, "CHANGELOG.md"), """
            # Changelog

            ## Unreleased

            what is to come

            ## 1.2.3-rc.1 - 2026-01-01

            what the candidate brings

            ## 1.2.3 - 2026-01-02

            what 1.2.3 brings

            ## 1.2.2

            what was before
            """);

        var end = await InstalledProgram.RunAsync("bash", ["-e", "-c", Step("release.yml", "Version and notes")], directory.Path, new Dictionary<string, string>
        {
            ["GITHUB_REF_NAME"] = tag,
            ["GITHUB_REPOSITORY_OWNER"] = "Some-Owner",
            ["GITHUB_ENV"] = Path.Combine(directory.Path, "env"),
        });

        Assert.Equal(version is null ? 1 : 0, end.ExitCode);
        if (version is not null)
        {
            Assert.Equal($"VERSION={version}\nOWNER=some-owner\n", await File.ReadAllTextAsync(Path.Combine(directory.Path, "env")));
            var written = await File.ReadAllTextAsync(Path.Combine(directory.Path, "notes.md"));
            Assert.Contains(notes!, written, StringComparison.Ordinal);
            Assert.DoesNotContain("was before", written, StringComparison.Ordinal);
            Assert.DoesNotContain("to come", written, StringComparison.Ordinal);
            Assert.Single(Regex.Matches(written, "what "));
        }
    }

    [Fact]
    public async Task The_chart_of_a_release_names_the_registry_of_its_image_and_of_no_other()
    {
        var replaced = await InstalledProgram.RunAsync("bash", ["-e", "-c", Regex.Match(Step("release.yml", "Chart"), "^sed .*$", RegexOptions.Multiline).Value.Replace("sed -i", "sed", StringComparison.Ordinal)], Repository.Root,
            new Dictionary<string, string> { ["REGISTRY"] = "registry.example", ["OWNER"] = "some-owner" });

        Assert.Equal(0, replaced.ExitCode);
        var values = (IDictionary<object, object>)new DeserializerBuilder().Build().Deserialize<object>(replaced.Output)!;
        Assert.Equal("registry.example/some-owner", ((IDictionary<object, object>)values["image"])["registry"]);
        Assert.Single(Regex.Matches(replaced.Output, "registry\\.example"));
    }

    private static string Step(string workflow, string name)
    {
        var steps = ((IDictionary<object, object>)Read(workflow)["jobs"]).Values.Cast<IDictionary<object, object>>().SelectMany(job => (IEnumerable<object>)job["steps"]).Cast<IDictionary<object, object>>();
        return (string)Assert.Single(steps, step => step.TryGetValue("name", out var named) && (string)named == name)["run"];
    }

    private static Dictionary<string, object> Read(string workflow) => new DeserializerBuilder().Build().Deserialize<Dictionary<string, object>>(Text(workflow));

    private static string Text(string workflow) => Repository.Read(".github", "workflows", workflow);

    [GeneratedRegex(@"^\s*-?\s*uses: (.+)$", RegexOptions.Multiline)]
    private static partial Regex Uses();
}
