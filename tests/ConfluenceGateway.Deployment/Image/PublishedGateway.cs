using ConfluenceGateway.Deployment.Image;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

[assembly: AssemblyFixture(typeof(PublishedGateway))]

namespace ConfluenceGateway.Deployment.Image;

/// <summary>The gateway as the image has it, published once by the image's own command.</summary>
public sealed class PublishedGateway : IDisposable
{
    public const string Version = "7.8.9";

    // Not below the directory of root, where an unprivileged user may not look.
    private readonly string _directory = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"cgw-image-{Guid.NewGuid():N}")).FullName;
    private readonly Lazy<Task<string>> _published;

    public PublishedGateway() => _published = new(() => PublishAsync("image"));

    /// <summary>Where it is: files that nobody but root may write.</summary>
    public Task<string> PathAsync() => _published.Value;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Publishes once more, in another folder.</summary>
    public Task<string> PublishAgainAsync() => PublishAsync("again");

    private async Task<string> PublishAsync(string name)
    {
        // What the recipe copies, and nothing else of the repository, as in a container.
        var source = Path.Combine(_directory, name, "source");
        foreach (var file in Dockerfile.Copied("build").Select(path => Path.Combine(Repository.Root, path)).SelectMany(Files))
        {
            var copy = Path.Combine(source, Path.GetRelativePath(Repository.Root, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }

        var app = Path.Combine(_directory, name, "app");
        var command = Dockerfile.Publish("src/ConfluenceGateway", ("TARGETARCH", "amd64"), ("VERSION", Version)).Replace("/app/gateway", app, StringComparison.Ordinal);
        var end = await InstalledProgram.RunAsync("sh", ["-c", command], source, Dockerfile.EnvironmentOf("build"), within: TimeSpan.FromMinutes(10));
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        return app;
    }

    private static IEnumerable<string> Files(string path) => File.Exists(path)
        ? [path]
        : Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"));
}
