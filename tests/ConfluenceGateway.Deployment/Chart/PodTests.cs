using ConfluenceGateway.Configuration;
using ConfluenceGateway.Doctor;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>How the gateway's pods run, come and go.</summary>
public sealed class PodTests
{
    public static TheoryData<string> Examples => [.. Helm.Examples];

    [Theory]
    [InlineData("production.yaml")]
    [InlineData("trial.yaml")]
    public async Task A_roll_out_takes_no_replica_away_before_the_next_one_is_ready(string name)
    {
        var strategy = (await Helm.ExampleAsync(name)).Deployment.Spec.Strategy;
        Assert.Equal("RollingUpdate", strategy.Type);
        Assert.Equal("0", strategy.RollingUpdate.MaxUnavailable.Value);
        Assert.Equal("1", strategy.RollingUpdate.MaxSurge.Value);
    }

    [Theory]
    [InlineData("minimal.yaml", "gw-confluence-gateway-store")]
    [InlineData("embedded.yaml", "gateway-data")]
    public async Task The_embedded_store_has_one_replica_that_ends_before_the_next_one_starts_and_a_volume(string name, string claim)
    {
        var manifest = await Helm.ExampleAsync(name);
        Assert.Equal(1, manifest.Deployment.Spec.Replicas);
        Assert.Equal("Recreate", manifest.Deployment.Spec.Strategy.Type);
        Assert.Null(manifest.Deployment.Spec.Strategy.RollingUpdate);
        var volume = Assert.Single(manifest.Deployment.Spec.Template.Spec.Volumes, volume => volume.PersistentVolumeClaim is not null);
        Assert.Equal(claim, volume.PersistentVolumeClaim.ClaimName);
        Assert.Equal(manifest.Setting("Embedded__DataDirectory"), Assert.Single(manifest.Container.VolumeMounts, mount => mount.Name == volume.Name).MountPath);
        Assert.All(manifest.All<V1PersistentVolumeClaim>(), made =>
        {
            Assert.Equal(["ReadWriteOnce"], made.Spec.AccessModes);
            Assert.Equal("keep", made.Metadata.Annotations["helm.sh/resource-policy"]);
        });
        Assert.Empty(manifest.All<V1Pod>());
    }

    [Fact]
    public async Task With_a_Redis_there_are_two_replicas_unless_a_number_is_given_or_an_autoscaler_counts_them()
    {
        Assert.Equal(2, (await Helm.ExampleAsync("trial.yaml")).Deployment.Spec.Replicas);
        Assert.Equal(3, (await Helm.ExampleAsync("connection-string.yaml")).Deployment.Spec.Replicas);
        var scaled = await Helm.ExampleAsync("production.yaml");
        Assert.Null(scaled.Deployment.Spec.Replicas);
        var scaler = scaled.Single<V2HorizontalPodAutoscaler>().Spec;
        Assert.Equal(("apps/v1", "Deployment", scaled.Deployment.Metadata.Name), (scaler.ScaleTargetRef.ApiVersion, scaler.ScaleTargetRef.Kind, scaler.ScaleTargetRef.Name));
        Assert.Equal((3, 10), (scaler.MinReplicas, scaler.MaxReplicas));
        Assert.Equal(70, Assert.Single(scaler.Metrics).Resource.Target.AverageUtilization);
        Assert.Equal(1, Assert.Single(scaler.Behavior.ScaleDown.Policies).Value);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Probes_ask_the_management_listener(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        var (container, management) = (manifest.Container, manifest.Setting("Listen__Management"));
        Assert.Equal("/health/live", container.StartupProbe.HttpGet.Path);
        Assert.Equal("/health/live", container.LivenessProbe.HttpGet.Path);
        Assert.Equal("/health/ready", container.ReadinessProbe.HttpGet.Path);
        foreach (var probe in new[] { container.StartupProbe, container.LivenessProbe, container.ReadinessProbe })
        {
            var port = Assert.Single(container.Ports, port => port.Name == probe.HttpGet.Port.Value).ContainerPort;
            Assert.Equal($"http://*:{port}", management);
            Assert.True(probe.PeriodSeconds > 0 && probe.TimeoutSeconds > 0 && probe.FailureThreshold > 0);
        }
    }

    [Fact]
    public async Task Every_listener_has_its_port()
    {
        var manifest = await Helm.ExampleAsync("everything.yaml");
        foreach (var (setting, name) in new[] { ("Listen__Traffic", "traffic"), ("Listen__Management", "management"), ("Listen__TrafficHttp2", "traffic-http2") })
        {
            var address = ListenOptions.Address(manifest.Setting(setting)!);
            Assert.Equal(address?.Port, Assert.Single(manifest.Container.Ports, port => port.Name == name).ContainerPort);
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task No_pod_has_a_privilege_that_it_does_not_need(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        Assert.All(manifest.Pods, pod =>
        {
            Assert.False(pod.Spec.AutomountServiceAccountToken);
            Assert.False(pod.Spec.EnableServiceLinks);
            Assert.True(pod.Spec.SecurityContext.RunAsNonRoot);
            Assert.Equal("RuntimeDefault", pod.Spec.SecurityContext.SeccompProfile.Type);
            var container = pod.Spec.Containers[0];
            Assert.False(container.SecurityContext.AllowPrivilegeEscalation);
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
            Assert.NotNull(container.Resources.Limits["memory"]);
        });
        Assert.Equal(1654, manifest.Deployment.Spec.Template.Spec.SecurityContext.RunAsUser);
        Assert.Equal(1654, manifest.Deployment.Spec.Template.Spec.SecurityContext.FsGroup);
        Assert.All(manifest.All<V1ServiceAccount>(), account => Assert.False(account.AutomountServiceAccountToken));
    }

    [Fact]
    public async Task Replicas_spread_over_zones_and_nodes_and_those_of_the_last_version_do_not_count()
    {
        var spread = (await Helm.ExampleAsync("production.yaml")).Deployment.Spec.Template.Spec.TopologySpreadConstraints;
        Assert.Equal(["topology.kubernetes.io/zone", "kubernetes.io/hostname"], spread.Select(constraint => constraint.TopologyKey));
        Assert.All(spread, constraint =>
        {
            Assert.Equal(["pod-template-hash"], constraint.MatchLabelKeys);
            Assert.Equal("DoNotSchedule", constraint.WhenUnsatisfiable);
        });
    }

    [Fact]
    public async Task A_node_can_be_drained_whatever_happens()
    {
        var budget = (await Helm.ExampleAsync("production.yaml")).Single<V1PodDisruptionBudget>().Spec;
        Assert.Equal("1", budget.MaxUnavailable.Value);
        Assert.Null(budget.MinAvailable);
        Assert.Equal("AlwaysAllow", budget.UnhealthyPodEvictionPolicy);
        var other = (await Helm.ExampleAsync("everything.yaml")).Single<V1PodDisruptionBudget>().Spec;
        Assert.Equal("1", other.MinAvailable.Value);
        Assert.Null(other.MaxUnavailable);
    }

    [Fact]
    public async Task The_doctor_sees_what_the_gateway_sees()
    {
        var manifest = await Helm.ExampleAsync("production.yaml");
        var doctor = manifest.Single<V1Pod>();
        Assert.Equal("test", doctor.Metadata.Annotations["helm.sh/hook"]);
        var container = Assert.Single(doctor.Spec.Containers);
        Assert.Equal([DoctorCommand.Name], container.Args);
        Assert.Equal(manifest.Container.Image, container.Image);
        Assert.Equal(manifest.Container.Env.Select(variable => variable.Name), container.Env.Select(variable => variable.Name));
        Assert.Equal(manifest.Container.EnvFrom.Select(source => source.ConfigMapRef.Name), container.EnvFrom.Select(source => source.ConfigMapRef.Name));
        Assert.Equal(manifest.Container.VolumeMounts.Select(mount => mount.MountPath).Order(), container.VolumeMounts.Select(mount => mount.MountPath).Order());
    }

    [Fact]
    public async Task A_journal_outlives_its_pod_where_it_has_a_volume_that_replicas_share()
    {
        var shared = await Helm.ExampleAsync("production.yaml");
        var volume = Assert.Single(shared.Deployment.Spec.Template.Spec.Volumes, volume => volume.Name == "journal");
        Assert.Equal("gw-confluence-gateway-journal", volume.PersistentVolumeClaim.ClaimName);
        Assert.Equal(["ReadWriteMany"], shared.Single<V1PersistentVolumeClaim>().Spec.AccessModes);
        Assert.Equal(shared.Setting("Refresh__JournalDirectory"), Assert.Single(shared.Container.VolumeMounts, mount => mount.Name == "journal").MountPath);
        var own = await Helm.ExampleAsync("trial.yaml");
        Assert.NotNull(Assert.Single(own.Deployment.Spec.Template.Spec.Volumes, volume => volume.Name == "journal").EmptyDir);
    }
}
