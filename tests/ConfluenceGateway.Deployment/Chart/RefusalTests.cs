namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Values that contradict each other are refused, by a message that names them.</summary>
public sealed class RefusalTests
{
    [Theory]
    [InlineData("nonsense: 1", "additional properties 'nonsense' not allowed")]
    [InlineData("service: {traffic: {prt: 80}}", "at '/service/traffic': additional properties 'prt' not allowed")]
    [InlineData("replicaCount: 2", "at '/replicaCount': maximum: got 2, want 1")]
    [InlineData("autoscaling: {enabled: true}", "at '/autoscaling/enabled': value must be false")]
    [InlineData("{redis: {enabled: true}, autoscaling: {enabled: true}, replicaCount: 3}", "at '/replicaCount': got number, want null")]
    [InlineData("{redis: {enabled: true}, externalRedis: {endpoints: [redis]}}", "at '/externalRedis/endpoints': maxItems: got 1, want 0")]
    [InlineData("{redis: {enabled: true}, externalRedis: {connectionString: {existingSecret: a}}}", "at '/externalRedis/connectionString/existingSecret': maxLength: got 1, want 0")]
    [InlineData("externalRedis: {endpoints: [redis], connectionString: {value: redis}}", "at '/externalRedis/endpoints': maxItems: got 1, want 0")]
    [InlineData("{config: {Callers: {Mode: Open}}, ingress: {enabled: true, hosts: [a]}}", "at '/ingress/enabled': value must be false")]
    [InlineData("{config: {Callers: {Mode: Open}}, httpRoute: {enabled: true, parentRefs: [{name: a}]}}", "at '/httpRoute/enabled': value must be false")]
    [InlineData("{config: {Callers: {Mode: null}}, ingress: {enabled: true, hosts: [a]}}", "at '/ingress/enabled': value must be false")]
    [InlineData("{config: {Callers: {Mode: Open}}, service: {traffic: {type: LoadBalancer}}}", "at '/service/traffic/type': value must be 'ClusterIP'")]
    [InlineData("ingress: {enabled: true}", "at '/ingress/hosts': minItems: got 0, want 1")]
    [InlineData("httpRoute: {enabled: true}", "at '/httpRoute/parentRefs': minItems: got 0, want 1")]
    [InlineData("secrets: {adminKey: {existingSecret: a, value: 0123456789abcdef}}", "at '/secrets/adminKey/value': maxLength: got 16, want 0")]
    [InlineData("secrets: {viewerKey: {existingSecret: a, value: 0123456789abcdef}}", "at '/secrets/viewerKey/value': maxLength: got 16, want 0")]
    [InlineData("secrets: {atlassian: {existingSecret: a, clientSecret: b}}", "at '/secrets/atlassian/clientSecret': maxLength: got 1, want 0")]
    [InlineData("secrets: {oidcClientSecret: {existingSecret: a, value: b}}", "at '/secrets/oidcClientSecret/value': maxLength: got 1, want 0")]
    [InlineData("secrets: {webhookSecret: {existingSecret: a, value: whsec_a}}", "at '/secrets/webhookSecret/value': maxLength: got 7, want 0")]
    [InlineData("externalRedis: {endpoints: [a], password: {existingSecret: a, value: b}}", "at '/externalRedis/password/value': maxLength: got 1, want 0")]
    [InlineData("externalRedis: {connectionString: {existingSecret: a, value: b}}", "at '/externalRedis/connectionString/value': maxLength: got 1, want 0")]
    [InlineData("secrets: {certificate: {existingSecret: a, value: Yg==}}", "at '/secrets/certificate/value': maxLength: got 4, want 0")]
    [InlineData("secrets: {certificate: {existingSecret: a, generate: true}}", "at '/secrets/certificate/generate': value must be false")]
    [InlineData("secrets: {certificate: {generate: true, certManager: {enabled: true, issuerRef: {name: a}}}}", "at '/secrets/certificate/certManager/enabled': value must be false")]
    [InlineData("secrets: {certificate: {certManager: {enabled: true}}}", "at '/secrets/certificate/certManager/issuerRef/name': minLength: got 0, want 1")]
    [InlineData("secrets: {adminKey: {value: short}}", "at '/secrets/adminKey/value'")]
    [InlineData("externalRedis: {endpoints: [a], password: {value: 'a,b'}}", "at '/externalRedis/password/value'")]
    [InlineData("journal: {enabled: false, persistence: {enabled: true}}", "at '/journal/persistence/enabled': value must be false")]
    [InlineData("service: {traffic: {nodePort: 30080}}", "at '/service/traffic/type': value must be one of")]
    [InlineData("service: {traffic: {loadBalancerSourceRanges: [10.0.0.0/8]}}", "at '/service/traffic/type': value must be")]
    public async Task The_schema_refuses_it_and_names_the_value(string values, string message) =>
        Assert.Contains(message, await Helm.RefusalAsync(values), StringComparison.Ordinal);

    [Theory]
    [InlineData("terminationGracePeriodSeconds: 59", "terminationGracePeriodSeconds: 59 is too short: the gateway may take 60 seconds", "Set 60 or more")]
    [InlineData("{terminationGracePeriodSeconds: 60, config: {Refresh: {ExchangeTimeout: 00:05:00}}}", "the gateway may take 330 seconds", "Set 330 or more")]
    [InlineData("config: {Listen: {Traffic: 'http://*:80'}}", "config.Listen.Traffic: the chart sets it.", "service.traffic.port")]
    [InlineData("config: {Redis: {ConnectionString: redis}}", "config.Redis.ConnectionString: the chart must know", "externalRedis")]
    [InlineData("config: {Admin: {Oidc: {ClientSecret: a}}}", "config.Admin.Oidc.ClientSecret: is a secret.", "secrets.oidcClientSecret")]
    [InlineData("extraEnv: [{name: Atlassian__ClientSecret, value: a}]", "extraEnv Atlassian__ClientSecret: is a secret.", "secrets.atlassian")]
    [InlineData("secrets: {atlassian: {clientSecret: a}}", "secrets.atlassian.clientSecret: is given without its client id.", "config.Atlassian.ClientId")]
    [InlineData("config: {Atlassian: {ClientId: a}}", "config.Atlassian.ClientId: is given without its client secret.", "secrets.atlassian.existingSecret")]
    [InlineData("config: {Webhooks: {Url: 'https://a'}}", "config.Webhooks.Url: events to it must be signed.", "secrets.webhookSecret.existingSecret")]
    [InlineData("secrets: {webhookSecret: {existingSecret: a}}", "secrets.webhookSecret: nothing is signed with it.", "config.Webhooks.Url")]
    [InlineData("secrets: {oidcClientSecret: {existingSecret: a}}", "secrets.oidcClientSecret: goes together", "config.Admin.Oidc.Authority")]
    [InlineData("config: {Admin: {Oidc: {Authority: 'https://a', ClientId: b}}}", "config.Admin.Oidc: Authority, ClientId and secrets.oidcClientSecret go together.", "Set all three")]
    [InlineData("secrets: {adminKey: {value: 0123456789abcdef}, viewerKey: {value: 0123456789abcdef}}", "secrets.viewerKey.value: is the key of operators", "another one")]
    [InlineData("secrets: {certificate: {generate: true, password: {value: a}}}", "secrets.certificate.password: belongs to", "Leave it out")]
    [InlineData("secrets: {certificate: {previous: {existingSecret: a}}}", "secrets.certificate.previous: is there without the one that replaces it.", "secrets.certificate.existingSecret")]
    [InlineData("secrets: {certificate: {generate: true, previous: {password: {value: a}}}}", "secrets.certificate.previous.password: belongs to", "Leave it out")]
    [InlineData("config: {Redis: {Durability: aof}}", "config.Redis.Durability: the embedded store is durable", "externalRedis.endpoints")]
    [InlineData("externalRedis: {user: a}", "externalRedis: sentinelService, user, tls, options and password belong to endpoints", "Set externalRedis.endpoints")]
    [InlineData("externalRedis: {endpoints: [a], tls: {host: a}}", "externalRedis.tls.host: counts with TLS only.", "externalRedis.tls.enabled")]
    [InlineData("externalRedis: {endpoints: [a], options: {Password: b}}", "externalRedis.options.Password: has a value of its own", "Use that")]
    [InlineData("{externalRedis: {connectionString: {value: a}}, networkPolicy: {enabled: true}}", "networkPolicy.redis.ports: the ports of a whole connection string are not known", "Set them")]
    [InlineData("{redis: {enabled: true}, autoscaling: {enabled: true, minReplicas: 11}}", "autoscaling.minReplicas: 11 is more than autoscaling.maxReplicas, 10.", "Lower it")]
    [InlineData("{redis: {enabled: true}, autoscaling: {enabled: true, targetCPUUtilizationPercentage: null}}", "autoscaling.targetCPUUtilizationPercentage: without it", "Set one")]
    [InlineData("podDisruptionBudget: {minAvailable: 1}", "podDisruptionBudget.minAvailable: 1 of 1 replicas lets no node be drained.", "Lower it")]
    [InlineData("service: {traffic: {http2: {enabled: true, port: 80}}}", "service.traffic.http2.port: is service.traffic.port.", "a port of its own")]
    [InlineData("ingress: {enabled: true, hosts: [a], path: /gateway}", "ingress.path: the gateway knows no path in front of its own", "config.Gateway.PublicUrl")]
    public async Task The_chart_refuses_it_and_says_what_to_do(string values, string message, string remedy)
    {
        var refusal = await Helm.RefusalAsync(values);
        Assert.Contains("The values are not usable:", refusal, StringComparison.Ordinal);
        Assert.Contains(remedy, refusal[refusal.IndexOf(message, StringComparison.Ordinal)..].Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        var refusal = await Helm.RefusalAsync("""
            terminationGracePeriodSeconds: 1
            externalRedis: {user: a}
            config: {Redis: {Durability: aof}}
            """);
        Assert.Equal(3, refusal.Split('\n').Count(line => line.StartsWith("  ", StringComparison.Ordinal)));
    }
}
