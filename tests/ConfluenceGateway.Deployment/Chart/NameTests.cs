using k8s;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Names are short enough, and no two releases share one.</summary>
public sealed class NameTests
{
    // The longest that Helm takes.
    private const string Long = "a-release-whose-name-is-as-long-as-helm-lets-it-be-01";

    [Theory]
    [InlineData(Long)]
    [InlineData("gw")]
    public async Task Names_and_labels_stay_within_what_Kubernetes_takes(string release)
    {
        var manifest = await EverythingAsync(release);
        Assert.All(manifest.All<IKubernetesObject<V1ObjectMeta>>(), found =>
        {
            Assert.InRange(found.Metadata.Name.Length, 1, 63);
            Assert.All(found.Metadata.Labels ?? new Dictionary<string, string>(), label => Assert.InRange(label.Value.Length, 1, 63));
        });
        // Pods of a StatefulSet carry the name of its revision as a label: its own, a hyphen and ten letters.
        Assert.All(manifest.All<V1StatefulSet>(), set => Assert.InRange(set.Metadata.Name.Length, 1, 52));
    }

    [Theory]
    [InlineData("one", "two")]
    [InlineData("gw", "gw-confluence-gateway")]
    [InlineData("confluence-gateway", "gw")]
    [InlineData(Long, "a-release-whose-name-is-as-long-as-helm-lets-it-be-02")]
    public async Task Two_releases_in_a_namespace_share_nothing(string first, string second)
    {
        var (one, other) = (await EverythingAsync(first), await EverythingAsync(second));
        Assert.Empty(Names(one).Intersect(Names(other)));
        var selectors = one.All<V1Service>().Select(service => service.Spec.Selector).Append(one.Deployment.Spec.Selector.MatchLabels);
        Assert.All(selectors, selector => Assert.All(other.Pods, pod => Assert.False(Manifest.Selects(selector, pod.Labels))));
    }

    [Fact]
    public async Task A_name_of_ones_own_is_used_everywhere()
    {
        var manifest = await Helm.RenderAsync("{fullnameOverride: door, redis: {enabled: true}}");
        Assert.All(manifest.All<IKubernetesObject<V1ObjectMeta>>(), found => Assert.Matches("^door($|-)", found.Metadata.Name));
        Assert.StartsWith("door-redis:6379", manifest.Setting("Redis__ConnectionString"), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Names(Manifest manifest) => manifest.All<IKubernetesObject<V1ObjectMeta>>().Select(found => $"{found.Kind}/{found.Metadata.Name}");

    private static async Task<Manifest> EverythingAsync(string release)
    {
        var end = await Helm.RunAsync(["template", release, Helm.Chart, "-f", Helm.Example("everything.yaml"), "--set", "nameOverride=,doctor.enabled=true"]);
        Assert.True(end.ExitCode == 0, end.Errors);
        return new Manifest(end.Output);
    }
}
