using k8s.Models;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>Who reaches the gateway, and what it reaches.</summary>
public sealed class NetworkTests
{
    public static TheoryData<string> Examples => [.. Helm.Examples];

    [Theory]
    [MemberData(nameof(Examples))]
    public async Task Traffic_and_management_have_a_service_each_and_nothing_of_one_is_in_the_other(string name)
    {
        var manifest = await Helm.ExampleAsync(name);
        var management = manifest.Single<V1Service>("-management");
        Assert.Equal("ClusterIP", management.Spec.Type);
        Assert.True(management.Spec.PublishNotReadyAddresses);
        Assert.Equal(["management"], management.Spec.Ports.Select(port => port.TargetPort.Value));
        var traffic = Assert.Single(manifest.All<V1Service>(), service => service.Metadata.Name == manifest.Deployment.Metadata.Name);
        Assert.DoesNotContain("management", traffic.Spec.Ports.Select(port => port.TargetPort.Value));
        Assert.All(manifest.All<V1Service>(), service => Assert.All(service.Spec.Ports, port =>
            Assert.Contains(port.TargetPort.Value, manifest.Pods.Single(pod => Manifest.Selects(service.Spec.Selector, pod.Labels)).Spec.Containers[0].Ports.Select(exposed => exposed.Name))));
    }

    [Fact]
    public async Task The_port_of_HTTP_2_says_what_it_speaks()
    {
        var service = (await Helm.ExampleAsync("everything.yaml")).All<V1Service>().Single(service => service.Spec.Type == "LoadBalancer");
        Assert.Equal("kubernetes.io/h2c", Assert.Single(service.Spec.Ports, port => port.Port == 8082).AppProtocol);
        Assert.Equal(30080, Assert.Single(service.Spec.Ports, port => port.Port == 8080).NodePort);
        Assert.Equal(["203.0.113.0/24"], service.Spec.LoadBalancerSourceRanges);
    }

    [Fact]
    public async Task An_ingress_leads_every_host_to_the_port_of_the_apps_and_links_lead_to_the_first_one()
    {
        var manifest = await Helm.ExampleAsync("ingress.yaml");
        var ingress = manifest.Single<V1Ingress>();
        Assert.Equal(["gateway.example.com", "*.gateway.example.com"], ingress.Spec.Rules.Select(rule => rule.Host));
        Assert.All(ingress.Spec.Rules, rule =>
        {
            var path = Assert.Single(rule.Http.Paths);
            Assert.Equal(("/", "Prefix"), (path.Path, path.PathType));
            var service = Assert.Single(manifest.All<V1Service>(), service => service.Metadata.Name == path.Backend.Service.Name);
            Assert.Equal("traffic", Assert.Single(service.Spec.Ports, port => port.Name == path.Backend.Service.Port.Name).TargetPort.Value);
        });
        Assert.Equal("gateway-tls", Assert.Single(ingress.Spec.Tls).SecretName);
        Assert.Equal("https://gateway.example.com", manifest.Setting("Gateway__PublicUrl"));
    }

    [Fact]
    public async Task Without_TLS_links_are_http_and_a_URL_that_is_given_counts()
    {
        Assert.Equal("http://gw.example.com", (await Helm.RenderAsync("ingress: {enabled: true, hosts: [gw.example.com]}")).Setting("Gateway__PublicUrl"));
        Assert.Equal("https://other.example.com", (await Helm.RenderAsync("""
            ingress: {enabled: true, hosts: [gw.example.com]}
            config: {Gateway: {PublicUrl: https://other.example.com}}
            """)).Setting("Gateway__PublicUrl"));
        Assert.Null((await Helm.ExampleAsync("minimal.yaml")).Setting("Gateway__PublicUrl"));
    }

    [Fact]
    public async Task A_route_of_the_Gateway_API_leads_to_the_port_of_the_apps()
    {
        var manifest = await Helm.ExampleAsync("httproute.yaml");
        var route = manifest.Single<HttpRoute>().Spec;
        var parent = Assert.Single(route.ParentRefs);
        Assert.Equal(("public", "gateways", "https"), (parent.Name, parent.Namespace, parent.SectionName));
        var rule = Assert.Single(route.Rules);
        Assert.Equal("0s", rule.Timeouts!["request"]);
        var backend = Assert.Single(rule.BackendRefs);
        var service = Assert.Single(manifest.All<V1Service>(), service => service.Metadata.Name == backend.Name);
        Assert.Equal("traffic", Assert.Single(service.Spec.Ports, port => port.Port == backend.Port).TargetPort.Value);
        Assert.Equal("https://gateway.example.com", manifest.Setting("Gateway__PublicUrl"));
    }

    [Fact]
    public async Task The_policy_lets_out_to_DNS_port_443_and_Redis_and_nowhere_else()
    {
        var policy = (await Helm.ExampleAsync("production.yaml")).Single<V1NetworkPolicy>();
        Assert.Equal(["Ingress", "Egress"], policy.Spec.PolicyTypes);
        Assert.Equal(["53,53", "443", "6380"], policy.Spec.Egress.Select(Ports));
        var (dns, https, redis) = (policy.Spec.Egress[0], policy.Spec.Egress[1], policy.Spec.Egress[2]);
        Assert.Equal("kube-dns", Assert.Single(dns.To).PodSelector.MatchLabels["k8s-app"]);
        Assert.Equal(["0.0.0.0/0", "::/0"], https.To.Select(peer => peer.IpBlock.Cidr));
        Assert.Contains("10.0.0.0/8", https.To[0].IpBlock.Except);
        Assert.Contains("169.254.0.0/16", https.To[0].IpBlock.Except);
        Assert.Contains("fc00::/7", https.To[1].IpBlock.Except);
        Assert.Equal("10.20.0.0/24", Assert.Single(redis.To).IpBlock.Cidr);
    }

    [Fact]
    public async Task The_policy_lets_in_whom_the_values_name_each_to_its_listener()
    {
        var named = (await Helm.ExampleAsync("production.yaml")).Single<V1NetworkPolicy>().Spec.Ingress;
        Assert.Equal(["traffic", "management"], named.Select(rule => Assert.Single(rule.Ports).Port.Value));
        Assert.Equal(["ingress-nginx", "monitoring"], named.Select(rule => Assert.Single(rule.FromProperty).NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]));

        // Nobody named: the pods of the namespace, and no others.
        var unnamed = (await Helm.ExampleAsync("trial.yaml")).Single<V1NetworkPolicy>("-gateway").Spec.Ingress;
        Assert.All(unnamed, rule =>
        {
            var peer = Assert.Single(rule.FromProperty);
            Assert.NotNull(peer.PodSelector);
            Assert.Null(peer.NamespaceSelector);
            Assert.Null(peer.IpBlock);
        });
    }

    [Theory]
    [InlineData("externalRedis: {endpoints: [one:7000, two:7001]}", "7000,7001")]
    [InlineData("externalRedis: {endpoints: [one]}", "6379")]
    [InlineData("externalRedis: {endpoints: [one], tls: {enabled: true}}", "6380")]
    [InlineData("externalRedis: {endpoints: ['one:26379', two], sentinelService: grants}", "26379,6379")]
    [InlineData("{externalRedis: {endpoints: [one]}, networkPolicy: {redis: {ports: [6400]}}}", "6400")]
    public async Task The_ports_of_Redis_are_those_of_its_endpoints(string values, string ports)
    {
        var policy = (await Helm.RenderAsync(values, "--set", "networkPolicy.enabled=true")).Single<V1NetworkPolicy>();
        Assert.Equal(ports, Ports(policy.Spec.Egress[2]));
    }

    [Fact]
    public async Task The_trial_Redis_lets_in_the_gateway_and_the_doctor_and_nothing_out()
    {
        var manifest = await Helm.ExampleAsync("trial.yaml");
        var policy = manifest.Single<V1NetworkPolicy>("-redis").Spec;
        Assert.Null(policy.Egress);
        var peer = Assert.Single(Assert.Single(policy.Ingress).FromProperty).PodSelector.MatchLabels;
        Assert.All(manifest.Pods, pod => Assert.True(Manifest.Selects(peer, pod.Labels)));
        var egress = manifest.Single<V1NetworkPolicy>("-gateway").Spec.Egress[2];
        Assert.True(Manifest.Selects(Assert.Single(egress.To).PodSelector.MatchLabels, manifest.Single<V1StatefulSet>().Spec.Template.Metadata.Labels));
    }

    private static string Ports(V1NetworkPolicyEgressRule rule) => string.Join(',', rule.Ports.Select(port => port.Port.Value));
}
