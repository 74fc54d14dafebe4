using System.Text;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>What a release made once stays as it is.</summary>
public sealed class UpgradeTests
{
    private static readonly string[] Trial = ["--set", "redis.enabled=true", "--set", "secrets.certificate.generate=true"];

    private static readonly string[] MadeOnce = ["admin", "redis", "ring"];

    [Fact]
    public async Task Upgrades_keep_the_secrets_that_were_made_and_so_does_a_release_that_goes_and_comes_back()
    {
        await using var cluster = await MemoryCluster.StartAsync();
        await HelmAsync(cluster, ["install", "gw", Helm.Chart, .. Trial]);
        var first = Made(cluster);
        Assert.Equal(40, Encoding.UTF8.GetString(Convert.FromBase64String(first["admin-key"])).Length);
        Assert.StartsWith("-----BEGIN CERTIFICATE-----", Encoding.UTF8.GetString(Convert.FromBase64String(first["ring.pem"])), StringComparison.Ordinal);

        await HelmAsync(cluster, ["upgrade", "gw", Helm.Chart, .. Trial, "--set", "replicaCount=3"]);
        Assert.Equal(first, Made(cluster));

        await HelmAsync(cluster, ["uninstall", "gw"]);
        Assert.Empty(cluster.Names("deployments"));
        Assert.Equal(first, Made(cluster));

        await HelmAsync(cluster, ["install", "gw", Helm.Chart, .. Trial]);
        Assert.Equal(first, Made(cluster));
    }

    [Fact]
    public async Task Another_release_makes_secrets_of_its_own()
    {
        await using var cluster = await MemoryCluster.StartAsync();
        await HelmAsync(cluster, ["install", "gw", Helm.Chart]);
        await HelmAsync(cluster, ["install", "other", Helm.Chart]);
        Assert.NotEqual(cluster.Secret("gw-confluence-gateway-admin")["admin-key"], cluster.Secret("other-confluence-gateway-admin")["admin-key"]);
    }

    [Fact]
    public async Task A_volume_and_the_made_secrets_stay_when_the_release_goes()
    {
        await using var cluster = await MemoryCluster.StartAsync();
        await HelmAsync(cluster, ["install", "gw", Helm.Chart, "--set", "secrets.viewerKey.value=a-viewer-key-of-tests"]);
        await HelmAsync(cluster, ["uninstall", "gw"]);
        Assert.Equal(["gw-confluence-gateway-store"], cluster.Names("persistentvolumeclaims"));
        Assert.Equal(["gw-confluence-gateway-admin"], cluster.Names("secrets"));
        Assert.Empty(cluster.Names("services"));
    }

    private static Dictionary<string, string> Made(MemoryCluster cluster) =>
        MadeOnce.SelectMany(part => cluster.Secret($"gw-confluence-gateway-{part}")).ToDictionary(entry => entry.Key, entry => entry.Value);

    private static async Task HelmAsync(MemoryCluster cluster, IEnumerable<string> args)
    {
        // Nothing runs there, so there is nothing to wait for.
        var flags = args.First() == "uninstall" ? Array.Empty<string>() : ["--disable-openapi-validation"];
        var end = await Helm.RunAsync([.. args, "--namespace", "apps", .. flags], cluster.Environment);
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
    }
}
