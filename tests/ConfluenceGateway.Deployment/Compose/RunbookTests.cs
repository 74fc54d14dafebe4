using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Deployment.Image;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Deployment.Compose;

/// <summary>Every command of the runbooks does what it is there for: each is run as it stands, on two gateways with a Redis and a Prometheus.</summary>
public sealed partial class RunbookTests(PublishedGateway published)
{
    // What takes an engine, a cluster or an init system. The doctor runs in tests of its own.
    private static readonly string[] NotHere = ["docker ", "helm ", "dotnet run ", "timedatectl"];

    [Fact]
    public async Task Every_command_works()
    {
        InstalledProgram.Require("jq", "openssl", "promtool", "redis-cli");
        using var directory = new TemporaryDirectory();
        await File.WriteAllBytesAsync(Path.Combine(directory.Path, "ring.pfx"), Certificate("the-password-of-the-ring"));
        await using var topology = await Topology.StartAsync(published);
        await topology.ConnectAsync("acme");
        var (endpoint, delivery) = await DeliverAsync(topology);
        var environment = new Dictionary<string, string>
        {
            ["MANAGEMENT"] = topology.Url("gateway-2:8081"),
            ["PROMETHEUS"] = topology.Url("prometheus:9090"),
            ["REDIS"] = topology.Url("redis:6379").Replace("http:", "redis:", StringComparison.Ordinal),
            ["BACKUP"] = topology.Url("redis:6379").Replace("http:", "redis:", StringComparison.Ordinal),
            ["ADMIN_KEY"] = "the-key-of-this-trial",
            ["CLIENT_ID"] = "simulator-client",
            ["ID"] = endpoint,
            ["EVENT"] = delivery,
            ["RING_PASSWORD"] = "the-password-of-the-ring",
        };
        var document = Repository.Read("docs", "operations.md");
        var blocks = Blocks().Matches(document).Select(block => block.Groups[1].Value).ToList();
        // The first says what the others assume, and the function among it is theirs.
        var assumed = string.Concat(blocks[0].Split('\n').Where(line => line.StartsWith("api()", StringComparison.Ordinal)));
        Assert.NotEqual("", assumed);
        var commands = blocks.Skip(1).Select(block => string.Join('\n', block.Split('\n').Where(line => !NotHere.Any(line.StartsWith)))).Where(block => block.Trim().Length > 0).ToList();
        commands.AddRange(Inline().Matches(document).Select(command => command.Groups[1].Value.ReplaceLineEndings(" ")).Distinct());
        Assert.InRange(commands.Count, 40, int.MaxValue);

        var failures = new List<string>();
        foreach (var command in commands)
        {
            var end = await InstalledProgram.RunAsync("bash", ["-euo", "pipefail", "-c", $"{assumed}\n{Here(command, topology)}"], directory.Path, environment);
            if (end.ExitCode != 0 || end.Output.Contains("\"status\":4", StringComparison.Ordinal) || end.Output.Contains("\"status\":5", StringComparison.Ordinal))
            {
                failures.Add($"{command}\n{end.ExitCode} {end.Output} {end.Errors}");
            }
        }

        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static byte[] Certificate(string password)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
    }

    // Names of the world outside, as they are here.
    private static string Here(string command, Topology topology) => command
        .Replace("https://auth.atlassian.com/", topology.Url("simulator:8090") + "/", StringComparison.Ordinal)
        .Replace("https://api.atlassian.com/", topology.Url("simulator:8090") + "/", StringComparison.Ordinal)
        .Replace("http://gateway:8080", topology.Url("gateway-2:8080"), StringComparison.Ordinal);

    private static async Task<(string Endpoint, string Event)> DeliverAsync(Topology topology)
    {
        using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(topology.Url("gateway-2:8081") + "/api/v1/") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "the-key-of-this-trial");
        using var made = await client.PostAsJsonAsync("webhooks", new { url = "https://receiver.invalid/hooks" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var id = (await made.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        using var tested = await client.PostAsync(new Uri($"webhooks/{id}/test", UriKind.Relative), null);
        Assert.True(tested.IsSuccessStatusCode);
        var deliveries = await client.GetFromJsonAsync<JsonElement>($"webhooks/{id}/deliveries");
        return (id, deliveries.GetProperty("items")[0].GetProperty("eventId").GetString()!);
    }

    // In a sentence or a table; one that leaves something out is a name, not a command.
    [GeneratedRegex("`((?:redis-cli|api|curl|promtool) -?[^`…]+)`")]
    private static partial Regex Inline();

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();
}
