using System.Security.Cryptography;
using System.Text.Json;
using ConfluenceGateway.Deployment.Chart;
using ConfluenceGateway.Deployment.Infrastructure;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Image;

/// <summary>What the image runs, run without a container: published by its own command, as its user, with its variables.</summary>
public sealed class ImageTests(PublishedGateway published)
{
    private const string User = "1654";

    [Fact]
    public async Task It_serves_as_an_unprivileged_user_from_a_directory_that_it_may_not_write()
    {
        InstalledProgram.Require("setpriv");
        using var directory = new TemporaryDirectory();
        var (empty, data) = (Directory.CreateDirectory(Path.Combine(directory.Path, "empty")).FullName, Directory.CreateDirectory(Path.Combine(directory.Path, "data")).FullName);
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(empty, (UnixFileMode)0b101_101_101);
        Assert.Equal(0, (await InstalledProgram.RunAsync("chown", [User, data])).ExitCode);
        var (traffic, management) = (Ports.Take(), Ports.Take());
        var environment = Environment(traffic, management, data);
        var app = Path.Combine(await published.PathAsync(), "ConfluenceGateway");

        await using var gateway = RunningProgram.Start("setpriv", [.. AsUser, app], environment, empty);

        using var client = new HttpClient(new SocketsHttpHandler());
        await gateway.AnswerAsync(client, $"http://127.0.0.1:{management}/health/live");
        Assert.Contains($"\"{PublishedGateway.Version}\"", await gateway.AnswerAsync(client, $"http://127.0.0.1:{management}/metrics"), StringComparison.Ordinal);
        Assert.Contains($"Uid:\t{User}\t{User}\t{User}\t{User}", await File.ReadAllTextAsync($"/proc/{gateway.ProcessId}/status"), StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(data, "admin-key")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(empty));
        // Its health check, as the image has it.
        var check = JsonSerializer.Deserialize<string[]>(Dockerfile.Single("HEALTHCHECK").Split("CMD")[1])!;
        Assert.Equal(0, (await InstalledProgram.RunAsync("setpriv", [.. AsUser, app, .. check[1..]], environment: environment)).ExitCode);
        Assert.All(gateway.Output.Split('\n').Where(line => line.StartsWith('{')), line => JsonDocument.Parse(line).Dispose());

        await gateway.StopAsync();
        Assert.Equal(1, (await InstalledProgram.RunAsync("setpriv", [.. AsUser, app, .. check[1..]], environment: environment)).ExitCode);
    }

    [Fact]
    public async Task It_holds_the_program_ready_to_run_and_nothing_of_its_making()
    {
        var app = await published.PathAsync();

        Assert.Empty(Directory.EnumerateFiles(app, "*.pdb", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(app, "*Simulator*", SearchOption.AllDirectories));
        Assert.Empty(Directory.EnumerateFiles(app, "appsettings.*.json"));
        using var program = new System.Reflection.PortableExecutable.PEReader(File.OpenRead(Path.Combine(app, "ConfluenceGateway.dll")));
        // Code that was compiled ahead stands beside the intermediate language.
        Assert.NotEqual(0, program.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
    }

    [Fact]
    public async Task What_is_published_again_elsewhere_is_the_same_byte_by_byte()
    {
        var (files, again) = (Hashes(await published.PathAsync()), Hashes(await published.PublishAgainAsync()));

        Assert.Contains("ConfluenceGateway.dll", files.Keys);
        Assert.Empty(files.Except(again).Concat(again.Except(files)).Select(file => file.Key).Distinct());

        static Dictionary<string, string> Hashes(string app) => Directory.EnumerateFiles(app, "*", SearchOption.AllDirectories)
            .ToDictionary(file => Path.GetRelativePath(app, file), file => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file))));
    }

    [Fact]
    public async Task Its_doctor_looks_as_the_same_user()
    {
        InstalledProgram.Require("setpriv");
        using var directory = new TemporaryDirectory();
        File.SetUnixFileMode(directory.Path, (UnixFileMode)0b111_101_101);
        var app = Path.Combine(await published.PathAsync(), "ConfluenceGateway");

        var end = await InstalledProgram.RunAsync(
            "setpriv", [.. AsUser, app, "doctor", "--json"], environment: Environment(Ports.Take(), Ports.Take(), Path.Combine(directory.Path, "none")));

        Assert.Equal(1, end.ExitCode);
        Assert.Equal("fail", JsonDocument.Parse(end.Output).RootElement.GetProperty("verdict").GetString());
        Assert.Empty(end.Errors);
    }

    [Fact]
    public void Its_recipe_is_that_of_a_small_image_whose_user_has_no_rights()
    {
        Assert.EndsWith("-chiseled AS gateway", Dockerfile.Single("FROM"), StringComparison.Ordinal);
        Assert.Equal(User, Dockerfile.Single("USER"));
        Assert.Equal("""["/app/ConfluenceGateway"]""", Dockerfile.Single("ENTRYPOINT"));
        Assert.All(["title", "description", "licenses", "version", "revision"], label => Assert.Contains($"org.opencontainers.image.{label}=", Dockerfile.Single("LABEL"), StringComparison.Ordinal));
        Assert.Contains($"--chown={User}:{User} /data /data", string.Join('\n', Dockerfile.Gateway.Select(instruction => instruction.Text)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_variable_that_it_sets_is_one_that_somebody_reads()
    {
        var own = Dockerfile.Environment.Keys.Where(name => name.Contains("__", StringComparison.Ordinal) && !name.StartsWith("Logging__", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(own);
        Assert.Empty(own.Select(name => name.Replace("__", ":", StringComparison.Ordinal)).Except(SettingsSchema.Keys));
    }

    [Fact]
    public void Every_file_that_it_copies_is_there_and_not_ignored()
    {
        var ignored = Repository.Read(".dockerignore").Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith('#')).ToList();
        Assert.Equal("*", ignored[0]);
        var let = ignored.Where(line => line.StartsWith('!')).Select(line => line[1..]).ToList();
        var copied = Dockerfile.Stages.Keys.SelectMany(Dockerfile.Copied).ToList();

        Assert.NotEmpty(copied);
        Assert.All(copied, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
        Assert.All(copied.Where(path => path != "src/"), path => Assert.Contains(let, name => path == name || path.StartsWith(name + "/", StringComparison.Ordinal)));
        Assert.All(let, path => Assert.True(Path.Exists(Path.Combine(Repository.Root, path)), path));
    }

    /// <summary>Where the runtime is, for a program that finds it by a variable.</summary>
    internal static string RuntimeRoot { get; } = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    private static string[] AsUser => [$"--reuid={User}", $"--regid={User}", "--clear-groups", "--no-new-privs"];

    // The image's variables, but for what is the machine's here: ports, the directory, and where the runtime is.
    private static Dictionary<string, string> Environment(int traffic, int management, string data) => new(Dockerfile.Environment)
    {
        ["Listen__Traffic"] = $"http://*:{traffic}",
        ["Listen__Management"] = $"http://*:{management}",
        ["Embedded__DataDirectory"] = data,
        ["DOTNET_ROOT"] = RuntimeRoot,
    };
}
