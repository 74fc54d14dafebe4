using ConfluenceGateway.Configuration;

namespace ConfluenceGateway.Tests.Configuration;

/// <summary>Which addresses strangers can reach.</summary>
public sealed class ListenOptionsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080", "", true)]
    [InlineData("http://localhost:8080", "http://[::1]:8082", true)]
    [InlineData("http://*:8080", "", false)]
    [InlineData("http://0.0.0.0:8080", "", false)]
    [InlineData("http://gateway.example.com:8080", "", false)]
    [InlineData("http://127.0.0.1:8080", "http://+:8082", false)]
    public void Traffic_is_on_loopback_when_all_of_its_addresses_are(string traffic, string http2, bool loopback) =>
        Assert.Equal(loopback, new ListenOptions { Traffic = traffic, TrafficHttp2 = http2 }.IsTrafficOnLoopback);
}
