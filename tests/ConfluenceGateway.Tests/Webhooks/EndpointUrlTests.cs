using System.Net;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>Where webhooks may lead.</summary>
public sealed class EndpointUrlTests
{
    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("198.17.255.255")]
    [InlineData("198.20.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    public void An_address_of_the_internet_is_public(string address) => Assert.True(PublicAddresses.Contain(IPAddress.Parse(address)));

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:10::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fdff:ffff::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void An_address_of_somebodys_own_is_not(string address) => Assert.False(PublicAddresses.Contain(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://example.com/hooks?tenant=7")]
    [InlineData("https://example.com:8443")]
    [InlineData("https://1.1.1.1/hooks")]
    [InlineData("https://[2606:4700:4700::1111]/hooks")]
    public void A_public_https_url_is_taken(string url) => Assert.Null(EndpointUrl.Refusal(url, allowPrivateNetworks: false));

    [Theory]
    [InlineData("example.com/hooks", "absolute https URL")]
    [InlineData("/hooks", "absolute https URL")]
    [InlineData("", "absolute https URL")]
    [InlineData("ftp://example.com/", "absolute https URL")]
    [InlineData("file:///etc/passwd", "absolute https URL")]
    [InlineData("http://example.com/hooks", "https://")]
    [InlineData("https://user:word@example.com/", "user name or password")]
    [InlineData("https://user@example.com/", "user name or password")]
    [InlineData("https://example.com/#part", "fragment")]
    [InlineData("https://127.0.0.1/", "AllowPrivateNetworks")]
    [InlineData("https://2130706433/", "AllowPrivateNetworks")]
    [InlineData("https://0x7f.1/", "AllowPrivateNetworks")]
    [InlineData("https://[::1]/", "AllowPrivateNetworks")]
    [InlineData("https://[::ffff:169.254.169.254]/", "AllowPrivateNetworks")]
    public void Any_other_is_refused_with_the_remedy(string url, string remedy) =>
        Assert.Contains(remedy, EndpointUrl.Refusal(url, allowPrivateNetworks: false), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:8080/hooks", true)]
    [InlineData("https://receiver.internal/", true)]
    [InlineData("http://user:word@receiver.internal/", false)]
    [InlineData("ftp://receiver.internal/", false)]
    public void Within_private_networks_only_the_form_counts(string url, bool taken) =>
        Assert.Equal(taken, EndpointUrl.Refusal(url, allowPrivateNetworks: true) is null);

    [Fact]
    public void A_url_has_2048_characters_at_most()
    {
        var longest = "https://example.com/".PadRight(2048, 'a');

        Assert.Null(EndpointUrl.Refusal(longest, allowPrivateNetworks: false));
        Assert.NotNull(EndpointUrl.Refusal(longest + "a", allowPrivateNetworks: false));
    }
}
