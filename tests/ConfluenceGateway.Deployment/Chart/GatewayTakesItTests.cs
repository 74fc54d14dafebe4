using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Tests.Infrastructure;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>The gateway itself takes the settings that a pod is given.</summary>
public sealed class GatewayTakesItTests : IDisposable
{
    private const string Secrets = "/run/secrets/confluence-gateway/";
    private readonly TemporaryDirectory _directory = new();

    public static TheoryData<string> Examples => [.. Helm.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task A_pod_of_an_example_would_start(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        Assert.Empty(await ErrorsAsync(manifest, file => Rendered(manifest, file) ?? Foreign(file, manifest)));
    }

    [Fact]
    public async Task A_secret_that_does_not_hold_what_it_should_would_be_noticed()
    {
        var manifest = await Helm.ExampleAsync("production.yaml");
        var errors = await ErrorsAsync(manifest, file => file == "ring-certificate" ? "no certificate"u8.ToArray() : Foreign(file, manifest));
        Assert.StartsWith("DataProtection:CertificateFile: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>What the gateway says of its settings before it listens.</summary>
    private async Task<IReadOnlyList<string>> ErrorsAsync(Manifest manifest, Func<string, byte[]> content)
    {
        var variables = manifest.All<V1ConfigMap>().Single(map => map.Metadata.Name == manifest.Deployment.Metadata.Name).Data.ToDictionary(entry => entry.Key, entry => entry.Value);
        foreach (var variable in manifest.Container.Env)
        {
            variables[variable.Name] = (variable.Value ?? $"the-{variable.ValueFrom.SecretKeyRef.Key}").Replace("$(REDIS_PASSWORD)", "a-password", StringComparison.Ordinal);
        }

        foreach (var (variable, path) in variables.Where(entry => entry.Value.StartsWith(Secrets, StringComparison.Ordinal)).ToList())
        {
            var file = Path.Combine(_directory.Path, path[Secrets.Length..]);
            await File.WriteAllBytesAsync(file, content(path[Secrets.Length..]));
            variables[variable] = file;
        }

        // The volumes are the machine's here.
        var args = variables.Where(entry => entry.Key.Contains("__", StringComparison.Ordinal))
            .Select(entry => $"--{entry.Key.Replace("__", ":", StringComparison.Ordinal)}={entry.Value.Replace("/data/", _directory.Path + "/", StringComparison.Ordinal)}");
        await using var gateway = Program.Build([.. args]);
        return Settings.Errors(gateway.Services);
    }

    private static byte[]? Rendered(Manifest manifest, string file)
    {
        var source = manifest.Deployment.Spec.Template.Spec.Volumes.Single(volume => volume.Name == "secrets").Projected.Sources.Select(source => source.Secret).Single(secret => secret.Items.Single().Path == file);
        return manifest.All<V1Secret>().SingleOrDefault(secret => secret.Metadata.Name == source.Name)?.Data[source.Items.Single().Key];
    }

    // What somebody else's secret holds.
    private static byte[] Foreign(string file, Manifest manifest) => file switch
    {
        "webhook-secret" => "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="u8.ToArray(),
        "redis-connection-string" => "redis.example.com:6380,ssl=true,password=p"u8.ToArray(),
        "ring-certificate" => Certificate(manifest.Setting("DataProtection__CertificatePasswordFile") is null ? null : "the content of ring-password"),
        "previous-ring-certificate" => Certificate("the content of previous-ring-password"),
        _ => System.Text.Encoding.UTF8.GetBytes($"the content of {file}\n"),
    };

    private static byte[] Certificate(string? password)
    {
        using var key = RSA.Create(2048);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=key ring", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password);
    }
}
