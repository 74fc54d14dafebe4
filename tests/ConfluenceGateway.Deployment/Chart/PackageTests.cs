using System.Formats.Tar;
using System.IO.Compression;
using System.Xml.Linq;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>The chart as it is handed on.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task It_holds_what_the_templates_read_and_none_of_the_tests()
    {
        using var directory = new TemporaryDirectory();
        var end = await Helm.RunAsync(["package", Helm.Chart, "--destination", directory.Path]);
        Assert.True(end.ExitCode == 0, end.Errors);
        await using var packed = new GZipStream(File.OpenRead(Assert.Single(Directory.GetFiles(directory.Path))), CompressionMode.Decompress);
        await using var archive = new TarReader(packed);
        var names = new List<string>();
        while (await archive.GetNextEntryAsync() is { } entry)
        {
            names.Add(entry.Name["confluence-gateway/".Length..]);
        }

        Assert.Contains("files/alerts.yaml", names);
        Assert.Contains("files/dashboard.json", names);
        Assert.Contains("values.schema.json", names);
        Assert.Contains("templates/NOTES.txt", names);
        Assert.DoesNotContain(names, name => name.StartsWith("ci/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Its_image_is_of_the_version_that_is_built()
    {
        var version = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("Version").Single().Value;
        Assert.Contains($"appVersion: \"{version}\"\n", Repository.Read("charts", "confluence-gateway", "Chart.yaml"), StringComparison.Ordinal);
        Assert.Equal($"confluence-gateway:{version}", (await Helm.ExampleAsync("minimal.yaml")).Container.Image);
    }

    [Theory]
    [InlineData("image: {registry: registry.example.com, tag: '2'}", "registry.example.com/confluence-gateway:2")]
    [InlineData("image: {repository: mirror/gateway, tag: '2', digest: 'sha256:0000000000000000000000000000000000000000000000000000000000000000'}", "mirror/gateway@sha256:0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task An_image_can_come_from_elsewhere(string values, string image) => Assert.Equal(image, (await Helm.RenderAsync(values)).Container.Image);

    [Fact]
    public void The_lock_file_of_the_tools_names_no_registry() =>
        Assert.DoesNotContain("resolved", Repository.Read("tests", "ConfluenceGateway.Deployment", "tools", "package-lock.json"), StringComparison.Ordinal);
}
