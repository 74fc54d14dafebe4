using k8s;
using k8s.Models;
using YamlDotNet.Core;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Each values file in <c>ci</c> makes objects that a cluster takes.</summary>
public sealed class ExampleTests
{
    public static TheoryData<string> Examples => [.. Helm.Examples];

    [Fact]
    public async Task The_chart_as_it_is_passes_the_lint()
    {
        var end = await Helm.RunAsync(["lint", "--strict", Helm.Chart]);
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task An_example_passes_the_lint(string name)
    {
        var end = await Helm.RunAsync(["lint", "--strict", Helm.Chart, "-f", Helm.Example(name)]);
        Assert.True(end.ExitCode == 0, end.Output + end.Errors);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_object_has_known_fields_only_and_a_name_of_its_own(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        Assert.NotEmpty(manifest.Objects);
        Assert.All(manifest.Objects, found => Assert.IsNotType<Dictionary<object, object>>(found));
        var names = manifest.All<IKubernetesObject<V1ObjectMeta>>().Select(found => $"{found.Kind}/{found.Metadata.Name}").ToList();
        Assert.Equal(manifest.Objects.Count, names.Count);
        Assert.Equal(names.Distinct(StringComparer.Ordinal), names);
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_mount_has_its_volume_and_every_volume_its_mount(string name)
    {
        foreach (var (pod, spec, _) in (await Helm.ExampleAsync(name)).Pods)
        {
            var claims = (await Helm.ExampleAsync(name)).All<V1StatefulSet>().Where(set => set.Metadata.Name == pod).SelectMany(set => set.Spec.VolumeClaimTemplates).Select(claim => claim.Metadata.Name);
            var volumes = (spec.Volumes ?? []).Select(volume => volume.Name).Concat(claims).ToList();
            var mounts = spec.Containers.SelectMany(container => container.VolumeMounts ?? []).ToList();
            Assert.Equal(volumes.Order(StringComparer.Ordinal), mounts.Select(mount => mount.Name).Distinct().Order(StringComparer.Ordinal));
            Assert.Equal(mounts.Count, mounts.Select(mount => mount.MountPath).Distinct().Count());
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_secret_claim_and_config_map_is_rendered_or_named_by_the_values(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        var values = await File.ReadAllTextAsync(Helm.Example(name));
        var rendered = manifest.All<V1Secret>().SelectMany(secret => secret.Data.Keys.Select(key => $"{secret.Metadata.Name}/{key}"))
            .Concat(manifest.All<Certificate>().Select(certificate => $"{certificate.Spec.SecretName}/tls-combined.pem"))
            .Concat(manifest.All<V1ConfigMap>().Select(map => map.Metadata.Name))
            .Concat(manifest.All<V1PersistentVolumeClaim>().Select(claim => claim.Metadata.Name))
            .ToHashSet(StringComparer.Ordinal);
        var used = manifest.Pods.SelectMany(pod => Uses(pod.Spec)).Distinct().ToList();
        Assert.NotEmpty(used);
        Assert.All(used, use => Assert.True(rendered.Contains(use) || values.Contains(use.Split('/')[0], StringComparison.Ordinal), $"nobody makes {use}"));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Every_selector_finds_the_pods_it_is_for_and_no_others(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        IEnumerable<(string Who, IDictionary<string, string> Selector)> selectors =
        [
            .. manifest.All<V1Service>().Select(service => (service.Metadata.Name, service.Spec.Selector)),
            .. manifest.All<V1PodDisruptionBudget>().Select(budget => (budget.Metadata.Name, budget.Spec.Selector.MatchLabels)),
            .. manifest.All<V1NetworkPolicy>().Select(policy => (policy.Metadata.Name, policy.Spec.PodSelector.MatchLabels)),
            .. manifest.All<V1Deployment>().Select(deployment => (deployment.Metadata.Name, deployment.Spec.Selector.MatchLabels)),
            .. manifest.All<V1StatefulSet>().Select(set => (set.Metadata.Name, set.Spec.Selector.MatchLabels)),
            .. manifest.Deployment.Spec.Template.Spec.TopologySpreadConstraints.Select(spread => ("spread", spread.LabelSelector.MatchLabels)),
        ];
        foreach (var (who, selector) in selectors)
        {
            var found = Assert.Single(manifest.Pods, pod => Manifest.Selects(selector, pod.Labels));
            Assert.Equal(who.EndsWith("-redis", StringComparison.Ordinal), found.Name.EndsWith("-redis", StringComparison.Ordinal));
        }

        foreach (var monitor in manifest.All<ServiceMonitor>())
        {
            var service = Assert.Single(manifest.All<V1Service>(), service => Manifest.Selects(monitor.Spec.Selector.MatchLabels, service.Metadata.Labels));
            Assert.Contains(monitor.Spec.Endpoints[0].Port, service.Spec.Ports.Select(port => port.Name));
        }
    }

    [Theory]
    [InlineData("spec:\n  replica: 1")]
    [InlineData("spec:\n  replicas: 1\n  replicas: 2")]
    [InlineData("spec:\n  replicas: many")]
    public void An_object_that_a_cluster_would_not_take_is_noticed(string spec) =>
        Assert.ThrowsAny<YamlException>(() => new Manifest($"apiVersion: apps/v1\nkind: Deployment\n{spec}").Objects);

    [Theory]
    [InlineData("cert-manager.io/v1", "Certificate")]
    [InlineData("monitoring.coreos.com/v1", "ServiceMonitor")]
    [InlineData("gateway.networking.k8s.io/v1", "HTTPRoute")]
    public void A_resource_of_others_is_read_as_strictly(string version, string kind) =>
        Assert.ThrowsAny<YamlException>(() => new Manifest($"apiVersion: {version}\nkind: {kind}\nspec:\n  unknown: 1").Objects);

    private static IEnumerable<string> Uses(V1PodSpec pod) =>
    [
        .. (pod.Volumes ?? []).SelectMany(volume => volume.Projected?.Sources ?? []).SelectMany(source => source.Secret.Items.Select(item => $"{source.Secret.Name}/{item.Key}")),
        .. (pod.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim?.ClaimName ?? volume.ConfigMap?.Name).OfType<string>(),
        .. pod.Containers.SelectMany(container => container.Env ?? []).Select(variable => variable.ValueFrom?.SecretKeyRef).OfType<V1SecretKeySelector>().Select(key => $"{key.Name}/{key.Key}"),
        .. pod.Containers.SelectMany(container => container.EnvFrom ?? []).Select(source => source.ConfigMapRef?.Name ?? source.SecretRef?.Name).OfType<string>(),
    ];
}
