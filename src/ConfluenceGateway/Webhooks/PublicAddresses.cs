using System.Net;
using System.Net.Sockets;

namespace ConfluenceGateway.Webhooks;

/// <summary>Which addresses belong to the internet at large, by the special-purpose registries of IANA (RFC 6890).</summary>
internal static class PublicAddresses
{
    // IPv4, all of it but these.
    private static readonly IPNetwork[] Special4 = Networks(
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4");

    // IPv6, only global unicast, and of that not these: 2001::/23 has Teredo in it and 2002::/16 is 6to4, which both lead on to an
    // IPv4 address. Outside of it are loopback, link-local and unique local addresses, multicast, ::ffff:0:0/96 and NAT64.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork[] Special6 = Networks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

    /// <summary>Whether <paramref name="address"/> is one that anybody may have, and no part of a network of somebody's own.</summary>
    public static bool Contain(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !Array.Exists(Special4, network => network.Contains(address)),
        // A network takes a mapped address for the IPv4 address in it, and compares that with bits of its own.
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && Global6.Contains(address) && !Array.Exists(Special6, network => network.Contains(address)),
        _ => false,
    };

    private static IPNetwork[] Networks(params string[] networks) => [.. networks.Select(network => IPNetwork.Parse(network))];
}
