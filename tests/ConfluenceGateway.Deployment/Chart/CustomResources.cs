using k8s;
using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>The resources of others that the chart makes, as far as it uses them: any other field is an error.</summary>
/// <remarks>After the definitions of Prometheus operator 0.80, cert-manager 1.17 and Gateway API 1.2.</remarks>
internal static class CustomResources
{
    /// <summary>The types by version and kind.</summary>
    public static IDictionary<string, Type> Types { get; } = new Dictionary<string, Type>
    {
        ["monitoring.coreos.com/v1/ServiceMonitor"] = typeof(ServiceMonitor),
        ["monitoring.coreos.com/v1/PrometheusRule"] = typeof(PrometheusRule),
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute),
        ["cert-manager.io/v1/Certificate"] = typeof(Certificate),
    };
}

/// <summary>An object with a specification.</summary>
public class CustomResource<T> : IKubernetesObject<V1ObjectMeta>
{
    public string ApiVersion { get; set; } = "";

    public string Kind { get; set; } = "";

    public V1ObjectMeta Metadata { get; set; } = new();

    public T Spec { get; set; } = default!;
}

/// <summary>What Prometheus scrapes.</summary>
public sealed class ServiceMonitor : CustomResource<ServiceMonitorSpec>;

/// <summary>The specification of a <see cref="ServiceMonitor"/>.</summary>
public sealed class ServiceMonitorSpec
{
    public V1LabelSelector Selector { get; set; } = new();

    public NamespaceSelector NamespaceSelector { get; set; } = new();

    public IList<ScrapeEndpoint> Endpoints { get; set; } = [];
}

/// <summary>Namespaces by name.</summary>
public sealed class NamespaceSelector
{
    public IList<string> MatchNames { get; set; } = [];
}

/// <summary>A port that is scraped.</summary>
public sealed class ScrapeEndpoint
{
    public string Port { get; set; } = "";

    public string Path { get; set; } = "";

    public string? Interval { get; set; }

    public string? ScrapeTimeout { get; set; }

    public IList<Relabeling>? Relabelings { get; set; }

    public IList<Relabeling>? MetricRelabelings { get; set; }
}

/// <summary>A change of labels.</summary>
public sealed class Relabeling
{
    public IList<string>? SourceLabels { get; set; }

    public string? Separator { get; set; }

    public string? TargetLabel { get; set; }

    public string? Regex { get; set; }

    public string? Replacement { get; set; }

    public string? Action { get; set; }
}

/// <summary>Rules of Prometheus.</summary>
public sealed class PrometheusRule : CustomResource<PrometheusRuleSpec>;

/// <summary>The specification of a <see cref="PrometheusRule"/>.</summary>
public sealed class PrometheusRuleSpec
{
    public IList<RuleGroup> Groups { get; set; } = [];
}

/// <summary>Rules that are evaluated one after the other.</summary>
public sealed class RuleGroup
{
    public string Name { get; set; } = "";

    public string? Interval { get; set; }

    public IList<Rule> Rules { get; set; } = [];
}

/// <summary>An alert, or a recording.</summary>
public sealed class Rule
{
    public string? Alert { get; set; }

    public string? Record { get; set; }

    public string Expr { get; set; } = "";

    public string? For { get; set; }

    public string? KeepFiringFor { get; set; }

    public IDictionary<string, string>? Labels { get; set; }

    public IDictionary<string, string>? Annotations { get; set; }
}

/// <summary>A route of the Gateway API.</summary>
public sealed class HttpRoute : CustomResource<HttpRouteSpec>;

/// <summary>The specification of an <see cref="HttpRoute"/>.</summary>
public sealed class HttpRouteSpec
{
    public IList<ParentReference> ParentRefs { get; set; } = [];

    public IList<string>? Hostnames { get; set; }

    public IList<HttpRouteRule> Rules { get; set; } = [];
}

/// <summary>The gateway a route belongs to.</summary>
public sealed class ParentReference
{
    public string? Group { get; set; }

    public string? Kind { get; set; }

    public string Name { get; set; } = "";

    public string? Namespace { get; set; }

    public string? SectionName { get; set; }

    public int? Port { get; set; }
}

/// <summary>What a route does.</summary>
public sealed class HttpRouteRule
{
    public IList<IDictionary<string, IDictionary<string, string>>>? Matches { get; set; }

    public IDictionary<string, string>? Timeouts { get; set; }

    public IList<BackendReference> BackendRefs { get; set; } = [];
}

/// <summary>Where a route leads.</summary>
public sealed class BackendReference
{
    public string Name { get; set; } = "";

    public int Port { get; set; }
}

/// <summary>A certificate that cert-manager makes.</summary>
public sealed class Certificate : CustomResource<CertificateSpec>;

/// <summary>The specification of a <see cref="Certificate"/>.</summary>
public sealed class CertificateSpec
{
    public string SecretName { get; set; } = "";

    public string CommonName { get; set; } = "";

    public string Duration { get; set; } = "";

    public CertificateKey PrivateKey { get; set; } = new();

    public IList<string> Usages { get; set; } = [];

    public IList<IDictionary<string, string>> AdditionalOutputFormats { get; set; } = [];

    public IDictionary<string, string> IssuerRef { get; set; } = new Dictionary<string, string>();
}

/// <summary>How a certificate's key is made.</summary>
public sealed class CertificateKey
{
    public string Algorithm { get; set; } = "";

    public int Size { get; set; }

    public string RotationPolicy { get; set; } = "";
}
