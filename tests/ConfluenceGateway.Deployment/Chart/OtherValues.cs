using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>For each value another one that is good, and what must be set beside it to matter.</summary>
internal static class OtherValues
{
    private const string External = "externalRedis: {endpoints: [redis:6379]}";

    // The longest path that fits counts.
    private static readonly Dictionary<string, string> Contexts = new()
    {
        ["config"] = External,
        ["secrets.atlassian.clientIdKey"] = "secrets: {atlassian: {existingSecret: app}}",
        ["secrets.atlassian.clientSecretKey"] = "secrets: {atlassian: {existingSecret: app}}",
        ["secrets.atlassian.clientSecret"] = "{config: {Atlassian: {ClientId: id}}, secrets: {atlassian: {clientSecret: before}}}",
        ["secrets.adminKey.key"] = "secrets: {adminKey: {existingSecret: keys}}",
        ["secrets.viewerKey.key"] = "secrets: {viewerKey: {existingSecret: keys}}",
        ["secrets.oidcClientSecret"] = "{config: {Admin: {Oidc: {Authority: 'https://login', ClientId: id}}}, secrets: {oidcClientSecret: {existingSecret: before}}}",
        ["secrets.oidcClientSecret.value"] = "{config: {Admin: {Oidc: {Authority: 'https://login', ClientId: id}}}, secrets: {oidcClientSecret: {value: before}}}",
        ["secrets.webhookSecret"] = "{config: {Webhooks: {Url: 'https://hooks'}}, secrets: {webhookSecret: {existingSecret: before}}}",
        ["secrets.webhookSecret.value"] = "{config: {Webhooks: {Url: 'https://hooks'}}, secrets: {webhookSecret: {value: whsec_before}}}",
        ["secrets.certificate.key"] = "secrets: {certificate: {existingSecret: ring}}",
        ["secrets.certificate.password.existingSecret"] = "secrets: {certificate: {existingSecret: ring}}",
        ["secrets.certificate.password.key"] = "secrets: {certificate: {existingSecret: ring, password: {existingSecret: ring}}}",
        ["secrets.certificate.password.value"] = "secrets: {certificate: {existingSecret: ring}}",
        ["secrets.certificate.previous"] = "secrets: {certificate: {existingSecret: ring, previous: {existingSecret: before}}}",
        ["secrets.certificate.previous.password.key"] = "secrets: {certificate: {existingSecret: ring, previous: {existingSecret: before, password: {existingSecret: before}}}}",
        ["secrets.certificate.certManager"] = "secrets: {certificate: {certManager: {enabled: true, issuerRef: {name: issuer}}}}",
        ["secrets.certificate.certManager.enabled"] = "secrets: {certificate: {certManager: {issuerRef: {name: issuer}}}}",
        ["externalRedis"] = External,
        ["externalRedis.tls.host"] = "externalRedis: {endpoints: [redis:6379], tls: {enabled: true}}",
        ["externalRedis.password.key"] = "externalRedis: {endpoints: [redis:6379], password: {existingSecret: redis}}",
        ["externalRedis.connectionString"] = "",
        ["externalRedis.connectionString.key"] = "externalRedis: {connectionString: {existingSecret: redis}}",
        ["redis"] = "redis: {enabled: true}",
        ["redis.enabled"] = "",
        ["redis.password.key"] = "redis: {enabled: true, password: {existingSecret: redis}}",
        ["replicaCount"] = External,
        ["journal.persistence"] = "journal: {persistence: {enabled: true}}",
        ["journal.persistence.enabled"] = "",
        ["trustedCertificates.key"] = "trustedCertificates: {existingConfigMap: ca}",
        ["service.traffic.nodePort"] = "service: {traffic: {type: NodePort}}",
        ["service.traffic.loadBalancerSourceRanges"] = "service: {traffic: {type: LoadBalancer}}",
        ["service.traffic.http2.port"] = "service: {traffic: {http2: {enabled: true}}}",
        ["ingress"] = "ingress: {enabled: true, hosts: [a.example.com]}",
        ["ingress.enabled"] = "ingress: {hosts: [a.example.com]}",
        ["ingress.path"] = "{ingress: {enabled: true, hosts: [a.example.com]}, config: {Gateway: {PublicUrl: 'https://a.example.com/gateway'}}}",
        ["httpRoute"] = "httpRoute: {enabled: true, parentRefs: [{name: public}]}",
        ["httpRoute.enabled"] = "httpRoute: {parentRefs: [{name: public}]}",
        ["autoscaling"] = "{redis: {enabled: true}, autoscaling: {enabled: true}}",
        ["autoscaling.enabled"] = "redis: {enabled: true}",
        ["podDisruptionBudget.minAvailable"] = External,
        ["networkPolicy"] = "{externalRedis: {endpoints: [redis:6379]}, networkPolicy: {enabled: true}}",
        ["networkPolicy.enabled"] = "",
        ["serviceMonitor"] = "serviceMonitor: {enabled: true}",
        ["serviceMonitor.enabled"] = "",
        ["prometheusRule"] = "prometheusRule: {enabled: true}",
        ["prometheusRule.enabled"] = "",
        ["dashboard"] = "dashboard: {enabled: true}",
        ["dashboard.enabled"] = "",
        ["doctor"] = External,
    };

    private static readonly Dictionary<string, string> Others = new()
    {
        ["image.digest"] = $"\"sha256:{new string('0', 64)}\"",
        ["image.pullPolicy"] = "\"Always\"",
        ["redis.image.pullPolicy"] = "\"Always\"",
        ["imagePullSecrets"] = "[{\"name\": \"registry\"}]",
        ["replicaCount"] = "3",
        ["config.Listen.DrainDelay"] = "\"00:00:30\"",
        ["config.Callers.Mode"] = "\"Open\"",
        ["secrets.adminKey.value"] = "\"another-admin-key\"",
        ["secrets.viewerKey.value"] = "\"another-viewer-key\"",
        ["secrets.webhookSecret.value"] = "\"whsec_other\"",
        ["secrets.certificate.value"] = "\"b3RoZXI=\"",
        ["secrets.certificate.certManager.issuerRef.kind"] = "\"ClusterIssuer\"",
        ["secrets.certificate.certManager.duration"] = "\"1000h\"",
        ["externalRedis.endpoints"] = "[\"other:6379\"]",
        ["externalRedis.options"] = "{\"connectTimeout\": 3000}",
        ["service.traffic.type"] = "\"NodePort\"",
        ["service.traffic.nodePort"] = "30080",
        ["service.traffic.loadBalancerSourceRanges"] = "[\"203.0.113.0/24\"]",
        ["ingress.hosts"] = "[\"b.example.com\"]",
        ["ingress.path"] = "\"/gateway\"",
        ["ingress.annotations"] = "{\"other\": \"value\"}",
        ["ingress.tls"] = "[{\"secretName\": \"tls\", \"hosts\": [\"a.example.com\"]}]",
        ["httpRoute.hostnames"] = "[\"b.example.com\"]",
        ["httpRoute.parentRefs"] = "[{\"name\": \"other\"}]",
        ["httpRoute.timeouts"] = "{\"request\": \"10s\"}",
        ["autoscaling.targetMemoryUtilizationPercentage"] = "80",
        ["autoscaling.behavior.scaleUp.policies"] = "[]",
        ["autoscaling.behavior.scaleDown.policies"] = "[]",
        ["podDisruptionBudget.minAvailable"] = "1",
        ["networkPolicy.https.except"] = "[\"10.0.0.0/8\"]",
        ["networkPolicy.redis.ports"] = "[6400]",
        ["prometheusRule.runbookBaseUrl"] = "\"https://runbooks.example.com\"",
        ["terminationGracePeriodSeconds"] = "300",
        ["securityContext.capabilities.drop"] = "[]",
        ["topologySpread.keys"] = "[\"kubernetes.io/hostname\"]",
        ["topologySpread.whenUnsatisfiable"] = "\"DoNotSchedule\"",
        ["extraEnv"] = "[{\"name\": \"OTHER\", \"value\": \"value\"}]",
        ["extraObjects"] = "[{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\", \"metadata\": {\"name\": \"other\"}}]",
        ["journal.persistence.size"] = "\"9Gi\"",
        ["redis.persistence.size"] = "\"9Gi\"",
        ["embedded.persistence.size"] = "\"9Gi\"",
    };

    /// <summary>Every path that something is said of.</summary>
    public static IEnumerable<string> Paths => Contexts.Keys.Concat(Others.Keys);

    /// <summary>Another value as JSON.</summary>
    public static string For(string path, YamlNode value) => Others.TryGetValue(path, out var other) ? other : value switch
    {
        YamlScalarNode { Value: "true" } => "false",
        YamlScalarNode { Value: "false" } => "true",
        YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } when int.TryParse(text, out var number) => $"{number + 1}",
        YamlScalarNode => JsonSerializer.Serialize("other"),
        YamlMappingNode => "{\"other\": \"value\"}",
        _ => "[{\"other\": \"value\"}]",
    };

    /// <summary>Values as YAML.</summary>
    public static string Beside(string path) => Contexts.Keys.Where(key => path == key || path.StartsWith(key + ".", StringComparison.Ordinal)).MaxBy(key => key.Length) is { } longest ? Contexts[longest] : "";
}
