using Microsoft.Extensions.Options;

namespace AtlassianSimulator.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public void Everything_wrong_is_reported_at_once_by_its_key()
    {
        var invalid = Assert.Throws<OptionsValidationException>(() => SimulatorApp.Build(
            "--Simulator:Url=ftp://here", "--Simulator:MediaUrl=http://here/with/path", "--Simulator:ClientId=", "--Simulator:ClientSecret= ",
            "--Simulator:RedirectUris:0=nonsense", "--Simulator:AutoConsent=maybe", "--Simulator:AccessTokenLifetime=0", "--Simulator:ReuseInterval=soon",
            "--Simulator:InactivityLimit=-1", "--Simulator:ConsentLifetime=9999", "--Simulator:CodeLifetime=02:00:00", "--Simulator:DeadTokenAnswer=7",
            "--Simulator:OmitRefreshToken=x", "--Simulator:RemovedV1=Lost", "--Simulator:ExpiredAccessToken=x", "--Simulator:Typo=1"));

        Assert.Equal(
            [
                "AccessTokenLifetime", "AutoConsent", "ClientId", "ClientSecret", "CodeLifetime", "ConsentLifetime", "DeadTokenAnswer", "ExpiredAccessToken",
                "InactivityLimit", "MediaUrl", "OmitRefreshToken", "RedirectUris", "RemovedV1", "ReuseInterval", "Typo", "Url",
            ],
            invalid.Failures.Select(failure => failure.Split(' ')[0]["Simulator:".Length..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Settings_of_the_configuration_are_in_force_from_the_start()
    {
        await using var simulator = await Running.RunningSimulator.StartAsync(
            "AutoConsent=true", "AccessTokenLifetime=00:02:00", "RemovedV1=Served", "ExpiredAccessToken=Anonymous", "DeadTokenAnswer=documented");

        var settings = (await simulator.Control.GetStateAsync()).Settings;

        Assert.Equal(
            (true, TimeSpan.FromMinutes(2), RemovedV1.Served, ExpiredAccessToken.Anonymous, DeadTokenAnswer.Documented),
            (settings.AutoConsent, settings.AccessTokenLifetime, settings.RemovedV1, settings.ExpiredAccessToken, settings.DeadTokenAnswer));
    }

    [Fact]
    public async Task Both_addresses_are_known_after_the_start_and_differ()
    {
        await using var simulator = await Running.RunningSimulator.StartAsync();

        Assert.NotEqual(0, simulator.Addresses.Url.Port);
        Assert.NotEqual(0, simulator.Addresses.MediaUrl.Port);
        Assert.NotEqual(simulator.Addresses.Url, simulator.Addresses.MediaUrl);
    }

    [Fact]
    public async Task Addresses_are_not_known_before_the_start()
    {
        await using var app = SimulatorApp.Build("--Simulator:Url=http://127.0.0.1:0", "--Simulator:MediaUrl=http://127.0.0.1:0");

        Assert.Throws<InvalidOperationException>(() => SimulatorApp.Addresses(app));
    }
}
