using System.Text;
using ConfluenceGateway.Tests.Infrastructure;
using k8s.Models;
using StackExchange.Redis;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>The Redis for trials keeps what it is given.</summary>
public sealed class TrialRedisTests
{
    [Fact]
    public async Task It_is_one_replica_with_a_volume()
    {
        var manifest = await Helm.ExampleAsync("trial.yaml");
        var set = manifest.Single<V1StatefulSet>();
        Assert.Equal(1, set.Spec.Replicas);
        Assert.Equal(set.Spec.ServiceName, manifest.Single<V1Service>("-redis").Metadata.Name);
        var claim = Assert.Single(set.Spec.VolumeClaimTemplates);
        Assert.Equal(["ReadWriteOnce"], claim.Spec.AccessModes);
        Assert.Equal("/data", Assert.Single(set.Spec.Template.Spec.Containers[0].VolumeMounts, mount => mount.Name == claim.Metadata.Name).MountPath);
    }

    [Fact]
    public async Task A_later_version_of_the_chart_does_not_restart_it()
    {
        var labels = (await Helm.ExampleAsync("trial.yaml")).Single<V1StatefulSet>().Spec.Template.Metadata.Labels;
        Assert.DoesNotContain("helm.sh/chart", labels.Keys);
        Assert.DoesNotContain("app.kubernetes.io/version", labels.Keys);
    }

    [Fact]
    public async Task Its_command_starts_a_Redis_that_asks_for_the_password_writes_to_disk_and_evicts_nothing()
    {
        InstalledProgram.Require("redis-server", "redis-cli");
        var manifest = await Helm.ExampleAsync("trial.yaml");
        var container = manifest.Single<V1StatefulSet>().Spec.Template.Spec.Containers[0];
        var password = Encoding.UTF8.GetString(manifest.Single<V1Secret>("-redis").Data["redis-password"]);
        using var data = new TemporaryDirectory();
        var port = Ports.Take();
        // As it stands, but for the directory and the port, which are the machine's here.
        var script = container.Command[^1].Replace("--dir /data", $"--dir {data.Path} --port {port} --bind 127.0.0.1", StringComparison.Ordinal);
        Assert.NotEqual(container.Command[^1], script);
        var start = new System.Diagnostics.ProcessStartInfo(container.Command[0], [container.Command[1], script]) { RedirectStandardOutput = true };
        start.Environment[container.Env.Single().Name] = password;
        using var process = System.Diagnostics.Process.Start(start)!;
        try
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{port},password={password},connectRetry=50,connectTimeout=500,abortConnect=false,allowAdmin=true");
            await Eventually.TrueAsync(() => redis.IsConnected, "it answers who knows the password");
            var server = redis.GetServers().Single();
            var settings = (await server.ConfigGetAsync()).ToDictionary(entry => entry.Key, entry => entry.Value);
            Assert.Equal(("yes", "everysec", "noeviction"), (settings["appendonly"], settings["appendfsync"], settings["maxmemory-policy"]));
            var probe = await InstalledProgram.RunAsync("sh", ["-c", container.ReadinessProbe.Exec.Command[^1].Replace("redis-cli", $"redis-cli -p {port}", StringComparison.Ordinal)], environment: start.Environment!);
            Assert.Equal(0, probe.ExitCode);
            var stranger = await InstalledProgram.RunAsync("redis-cli", ["-p", $"{port}", "ping"]);
            Assert.Contains("NOAUTH", stranger.Output + stranger.Errors, StringComparison.Ordinal);
            // The signal to stop reaches Redis itself, not a shell in front of it.
            var shown = await File.ReadAllTextAsync($"/proc/{process.Id}/cmdline");
            Assert.StartsWith("redis-server", shown, StringComparison.Ordinal);
            Assert.DoesNotContain(password, shown, StringComparison.Ordinal);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
