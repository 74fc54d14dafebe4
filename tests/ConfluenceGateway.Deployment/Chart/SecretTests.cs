using System.Text;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using k8s.Models;
using StackExchange.Redis;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Secrets reach the gateway as files where it follows them, and lie in secrets alone.</summary>
public sealed class SecretTests
{
    [Fact]
    public async Task Every_secret_that_the_gateway_reads_from_a_file_is_given_as_one()
    {
        var production = await Helm.ExampleAsync("production.yaml");
        var whole = await Helm.ExampleAsync("connection-string.yaml");
        var set = production.Container.Env.Concat(whole.Container.Env).Select(variable => variable.Name.Replace("__", ":", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        Assert.All(SecretFiles.Keys, key => Assert.Contains(key + "File", set));
        Assert.All(SecretFiles.Keys.Except(["Redis:ConnectionString"]), key => Assert.DoesNotContain(key, set));
        Assert.Contains("DataProtection:CertificateFile", set);
    }

    [Theory]
    [InlineData("Atlassian__ClientSecretFile", "gateway-atlassian", "client-secret")]
    [InlineData("Admin__ApiKeyFile", "gateway-keys", "operators")]
    [InlineData("Admin__ViewerApiKeyFile", "gateway-keys", "viewers")]
    [InlineData("Admin__Oidc__ClientSecretFile", "gateway-oidc", "oidc-client-secret")]
    [InlineData("Webhooks__SecretFile", "gateway-webhooks", "webhook-secret")]
    [InlineData("DataProtection__CertificateFile", "gateway-ring", "ring.pfx")]
    [InlineData("DataProtection__CertificatePasswordFile", "gateway-ring", "password")]
    [InlineData("DataProtection__PreviousCertificateFile", "gateway-ring-of-2025", "ring.pfx")]
    [InlineData("DataProtection__PreviousCertificatePasswordFile", "gateway-ring-of-2025", "password")]
    public async Task An_existing_secret_is_mounted_where_its_setting_looks(string setting, string secret, string key)
    {
        var manifest = await Helm.ExampleAsync("production.yaml");
        Assert.Equal((secret, key), Mounted(manifest, setting));
        Assert.DoesNotContain(secret, manifest.All<V1Secret>().Select(made => made.Metadata.Name));
    }

    [Fact]
    public async Task The_client_id_comes_from_the_secret_or_from_the_settings()
    {
        var id = Assert.Single((await Helm.ExampleAsync("production.yaml")).Container.Env, variable => variable.Name == "Atlassian__ClientId").ValueFrom.SecretKeyRef;
        Assert.Equal(("gateway-atlassian", "client-id"), (id.Name, id.Key));
        var given = await Helm.ExampleAsync("everything.yaml");
        Assert.DoesNotContain(given.Container.Env, variable => variable.Name == "Atlassian__ClientId");
        Assert.Equal("the-client-id", given.Single<V1ConfigMap>("gw-cgw").Data["Atlassian__ClientId"]);
    }

    [Theory]
    [InlineData("everything.yaml")]
    [InlineData("embedded.yaml")]
    [InlineData("sentinel.yaml")]
    public async Task A_secret_that_is_given_or_made_is_in_a_secret_and_nowhere_else(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        var secrets = manifest.All<V1Secret>().SelectMany(secret => secret.Data.Values).SelectMany(value => new[] { Encoding.UTF8.GetString(value), Convert.ToBase64String(value) }).ToList();
        var elsewhere = string.Join("---", manifest.Text.Split("---\n").Where(text => !text.Contains("kind: Secret\n", StringComparison.Ordinal)));
        Assert.NotEmpty(secrets);
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, elsewhere, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_made_once_is_kept_when_the_release_goes()
    {
        var manifest = await Helm.ExampleAsync("trial.yaml");
        string[] made = ["gw-confluence-gateway-admin", "gw-confluence-gateway-redis", "gw-confluence-gateway-ring"];
        Assert.Equal(made, manifest.All<V1Secret>().Select(secret => secret.Metadata.Name).Order(StringComparer.Ordinal));
        Assert.All(manifest.All<V1Secret>(), secret => Assert.Equal("keep", secret.Metadata.Annotations["helm.sh/resource-policy"]));
        Assert.Equal(40, manifest.Single<V1Secret>("-admin").Data["admin-key"].Length);
        Assert.Equal(32, manifest.Single<V1Secret>("-redis").Data["redis-password"].Length);
    }

    [Fact]
    public async Task The_certificate_that_is_made_can_wrap_the_key_ring_for_ten_years()
    {
        var manifest = await Helm.ExampleAsync("trial.yaml");
        Assert.Equal(("gw-confluence-gateway-ring", "ring.pem"), Mounted(manifest, "DataProtection__CertificateFile"));
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "ring.pem");
        await File.WriteAllBytesAsync(file, manifest.Single<V1Secret>("-ring").Data["ring.pem"]);

        using var certificate = new KeyRingOptions { CertificateFile = file }.TryLoadCertificate();

        Assert.NotNull(certificate);
        Assert.True(certificate.HasPrivateKey);
        Assert.True(certificate.NotAfter > TimeProvider.System.GetUtcNow().AddYears(9).DateTime);
    }

    [Fact]
    public async Task The_certificate_of_cert_manager_keeps_its_key_and_is_mounted_with_it()
    {
        var manifest = await Helm.ExampleAsync("cert-manager.yaml");
        var certificate = manifest.Single<Certificate>();
        Assert.Equal(("RSA", "Never"), (certificate.Spec.PrivateKey.Algorithm, certificate.Spec.PrivateKey.RotationPolicy));
        Assert.Equal("CombinedPEM", Assert.Single(certificate.Spec.AdditionalOutputFormats)["type"]);
        Assert.Equal("ClusterIssuer", certificate.Spec.IssuerRef["kind"]);
        Assert.Equal("keep", certificate.Metadata.Annotations["helm.sh/resource-policy"]);
        Assert.Equal((certificate.Spec.SecretName, "tls-combined.pem"), Mounted(manifest, "DataProtection__CertificateFile"));
    }

    [Theory]
    [InlineData("production.yaml", "redis-0.redis.example.com:6380,redis-1.redis.example.com:6380,redis-2.redis.example.com:6380", true, "confluence-gateway", null, "gateway-redis")]
    [InlineData("sentinel.yaml", "sentinel-0.sentinel:26379,sentinel-1.sentinel:26379,sentinel-2.sentinel:26379", false, null, "grants", "gw-confluence-gateway-given")]
    [InlineData("trial.yaml", "gw-confluence-gateway-redis:6379", false, null, null, "gw-confluence-gateway-redis")]
    [InlineData("ingress.yaml", "gw-confluence-gateway-redis:6379", false, null, null, "trial-redis")]
    [InlineData("cert-manager.yaml", "redis.redis:6379", false, null, null, null)]
    public async Task The_connection_string_is_what_the_client_of_Redis_takes(string name, string endpoints, bool tls, string? user, string? service, string? secret)
    {
        var manifest = await Helm.ExampleAsync(name);
        // The kubelet puts the variable in its place.
        var options = ConfigurationOptions.Parse(manifest.Setting("Redis__ConnectionString")!.Replace("$(REDIS_PASSWORD)", "p=a$s", StringComparison.Ordinal));
        Assert.Equal(endpoints, string.Join(',', options.EndPoints.Cast<System.Net.DnsEndPoint>().Select(endpoint => $"{endpoint.Host}:{endpoint.Port}")));
        Assert.Equal((tls, user, service), (options.Ssl, options.User, options.ServiceName));
        Assert.Equal(secret is null ? null : "p=a$s", options.Password);
        // A variable can be used only by those that stand after it.
        var names = manifest.Container.Env.Select(variable => variable.Name).ToList();
        Assert.Equal(secret, manifest.Container.Env.SingleOrDefault(variable => variable.Name == "REDIS_PASSWORD")?.ValueFrom.SecretKeyRef.Name);
        Assert.True(names.IndexOf("REDIS_PASSWORD") < names.IndexOf("Redis__ConnectionString"));
    }

    [Fact]
    public async Task A_whole_connection_string_is_a_file()
    {
        var manifest = await Helm.ExampleAsync("connection-string.yaml");
        Assert.Equal(("managed-redis", "connection-string"), Mounted(manifest, "Redis__ConnectionStringFile"));
        Assert.Null(manifest.Setting("Redis__ConnectionString"));
    }

    private static (string Secret, string Key) Mounted(Manifest manifest, string setting)
    {
        var volume = Assert.Single(manifest.Deployment.Spec.Template.Spec.Volumes, volume => volume.Name == "secrets");
        var folder = Assert.Single(manifest.Container.VolumeMounts, mount => mount.Name == volume.Name);
        Assert.True(folder.ReadOnlyProperty);
        // A mount by subPath would not follow a change.
        Assert.Null(folder.SubPath);
        var found = volume.Projected.Sources.Select(source => source.Secret).Single(secret => $"{folder.MountPath}/{secret.Items.Single().Path}" == manifest.Setting(setting));
        return (found.Name, found.Items.Single().Key);
    }
}
