using ConfluenceGateway.Deployment.Chart;
using ConfluenceGateway.Deployment.Image;
using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Compose;

/// <summary>What docker-compose.yml names is there.</summary>
public sealed class ComposeFileTests
{
    private readonly ComposeFile _file = ComposeFile.Read();

    private List<ComposeFile.Service> Gateways => [_file.Services["gateway-1"], _file.Services["gateway-2"]];

    [Fact]
    public void It_has_two_gateways_a_balancer_a_store_a_simulator_and_who_watches_them() =>
        Assert.Equal(["balancer", "connect", "gateway-1", "gateway-2", "grafana", "prometheus", "redis", "simulator"], _file.Services.Keys.Order());

    [Fact]
    public void Every_setting_of_a_gateway_is_one_that_it_knows()
    {
        var set = Gateways.SelectMany(gateway => gateway.Environment.Keys).Distinct().ToList();

        Assert.NotEmpty(set);
        Assert.Empty(set.Select(name => name.Replace("__", ":", StringComparison.Ordinal)).Except(SettingsSchema.Keys));
    }

    [Fact]
    public void Every_file_that_is_mounted_is_there_and_every_volume_and_config_is_declared()
    {
        foreach (var service in _file.Services.Values)
        {
            Assert.All(service.Volumes.Select(volume => volume.Split(':')[0]), source => Assert.True(
                source.StartsWith('.') ? File.Exists(Path.Combine(Repository.Root, source)) : _file.Volumes.ContainsKey(source), source));
            Assert.All(service.Configs, config => Assert.Contains(config.Source, _file.Configs.Keys));
            Assert.All(service.Waits, name => Assert.Contains(name, _file.Services.Keys));
        }

        Assert.Equal(_file.Configs.Keys.Order(), _file.Services.Values.SelectMany(service => service.Configs).Select(config => config.Source).Distinct().Order());
    }

    [Fact]
    public void Every_image_is_built_here_or_has_a_fixed_version()
    {
        foreach (var (name, service) in _file.Services)
        {
            switch (service.Build)
            {
                case null:
                    Assert.Matches(@"^[a-z/-]+:[0-9v][0-9a-z.-]*$", service.Image);
                    break;
                case string context:
                    Assert.True(File.Exists(Path.Combine(Repository.Root, context, "Dockerfile")), name);
                    break;
                default:
                    Assert.Contains((string)((IDictionary<object, object>)service.Build)["target"], Dockerfile.Stages.Keys);
                    break;
            }
        }
    }

    [Fact]
    public void Nothing_is_published_beyond_loopback_and_gateways_have_no_rights()
    {
        Assert.All(_file.Services.Values.SelectMany(service => service.Ports), port => Assert.StartsWith("127.0.0.1:", port, StringComparison.Ordinal));
        foreach (var gateway in Gateways)
        {
            Assert.True(gateway.ReadOnly);
            Assert.Equal(["ALL"], gateway.CapDrop);
            Assert.Equal(["no-new-privileges:true"], gateway.SecurityOpt);
        }
    }
}
