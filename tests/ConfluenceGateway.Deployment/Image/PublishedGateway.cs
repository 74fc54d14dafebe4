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

    public PublishedGateway() => _published = new(PublishAsync);

    /// <summary>Where it is: files that nobody but root may write.</summary>
    public Task<string> PathAsync() => _published.Value;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> PublishAsync()
    {
        var app = Path.Combine(_directory, "app");
        var command = Dockerfile.Publish("src/ConfluenceGateway", ("TARGETARCH", "amd64"), ("VERSION", Version)).Replace("/app/gateway", app, StringComparison.Ordinal);
        // What is built beside it, at the same time, stays apart.
        var end = await InstalledProgram.RunAsync("sh", ["-c", $"{command} --artifacts-path {Path.Combine(_directory, "build")}"], Repository.Root, within: TimeSpan.FromMinutes(10));
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
        File.SetUnixFileMode(_directory, (UnixFileMode)0b111_101_101);
        return app;
    }
}
