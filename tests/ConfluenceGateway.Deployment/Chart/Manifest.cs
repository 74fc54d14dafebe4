using k8s;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>What a chart renders: objects of Kubernetes, read strictly.</summary>
internal sealed class Manifest(string text)
{
    private readonly Lazy<IReadOnlyList<object>> _objects = new(() => Read(text));

    /// <summary>The YAML as it came.</summary>
    public string Text => text;

    /// <summary>All objects, in Kubernetes' own types and those of <see cref="CustomResources"/>.</summary>
    /// <exception cref="YamlDotNet.Core.YamlException">A field is unknown, is there twice, or has a value of another kind.</exception>
    public IReadOnlyList<object> Objects => _objects.Value;

    /// <summary>The gateway's Deployment.</summary>
    public V1Deployment Deployment => Single<V1Deployment>();

    /// <summary>The gateway's container.</summary>
    public V1Container Container => Deployment.Spec.Template.Spec.Containers[0];

    /// <summary>Every pod there will be: that of the gateway, of Redis, of the doctor.</summary>
    public IEnumerable<(string Name, V1PodSpec Spec, IDictionary<string, string> Labels)> Pods => Objects.SelectMany(found => found switch
    {
        V1Deployment deployment => [(deployment.Metadata.Name, deployment.Spec.Template.Spec, deployment.Spec.Template.Metadata.Labels)],
        V1StatefulSet set => [(set.Metadata.Name, set.Spec.Template.Spec, set.Spec.Template.Metadata.Labels)],
        V1Pod pod => new[] { (pod.Metadata.Name, pod.Spec, pod.Metadata.Labels) },
        _ => [],
    });

    /// <summary>The one object of its type, or the one whose name ends so.</summary>
    public T Single<T>(string nameEnds = "")
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(All<T>(), found => found.Metadata.Name.EndsWith(nameEnds, StringComparison.Ordinal));

    /// <summary>All objects of a type.</summary>
    public IEnumerable<T> All<T>() => Objects.OfType<T>();

    /// <summary>An environment variable of the gateway; null when it is not set.</summary>
    public string? Setting(string name) => Container.Env.SingleOrDefault(variable => variable.Name == name)?.Value;

    /// <summary>Whether all labels of <paramref name="selector"/> are among <paramref name="labels"/>.</summary>
    public static bool Selects(IDictionary<string, string> selector, IDictionary<string, string> labels) =>
        selector.Count > 0 && selector.All(label => labels.TryGetValue(label.Key, out var value) && value == label.Value);

    private static List<object> Read(string yaml) => KubernetesYaml.LoadAllFromString(yaml, CustomResources.Types, strict: true);
}
