using System.ComponentModel.DataAnnotations;
using System.Net;

namespace ConfluenceGateway.Configuration;

/// <summary>Where the gateway listens: traffic of the apps, and management, apart from each other.</summary>
internal sealed class ListenOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Listen";

    /// <summary>Where apps send their requests and browsers open <c>/connect</c>; an <c>http</c> URL without a path; port 0 takes a free one.</summary>
    public string Traffic { get; set; } = "http://127.0.0.1:8080";

    /// <summary>Where operators, probes and Prometheus come; an <c>http</c> URL without a path; port 0 takes a free one.</summary>
    public string Management { get; set; } = "http://127.0.0.1:8081";

    /// <summary>
    /// Where apps that speak HTTP/2 without TLS send their requests (h2c with prior knowledge, RFC 9113 section 3.3), beside
    /// <see cref="Traffic"/>, which speaks HTTP/1.1; an address like that one. Empty: nowhere.
    /// </summary>
    public string TrafficHttp2 { get; set; } = "";

    /// <summary>The largest request body that is forwarded, in bytes; a larger one is answered with 413. From 1 to 2^40; 2 GiB by default.</summary>
    [Range(1L, 1L << 40, ErrorMessage = "must be from 1 to 1099511627776 bytes.")]
    public long MaxRequestBodyBytes { get; set; } = 2L << 30;

    /// <summary>The largest request header that is read, all lines together, in bytes; a larger one is answered with 431. From 8 KiB to 1 MiB; 64 KiB by default, and half of it for the request line.</summary>
    [Range(8 << 10, 1 << 20, ErrorMessage = "must be from 8192 to 1048576 bytes.")]
    public int MaxRequestHeaderBytes { get; set; } = 64 << 10;

    /// <summary>How many requests are answered at a time; one more is answered with 503. From 1 to 1,000,000; 10,000 by default.</summary>
    [Range(1, 1_000_000, ErrorMessage = "must be from 1 to 1000000.")]
    public int MaxConcurrentRequests { get; set; } = 10_000;

    /// <summary>How long a gateway that is told to stop goes on taking requests, so that balancers learn of it first; 0 to 5 minutes, 5 seconds by default.</summary>
    [Duration("00:00:00", "00:05:00")]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether apps on this machine alone reach the traffic listener.</summary>
    internal bool IsTrafficOnLoopback => IsLoopback(Traffic) && (TrafficHttp2.Length == 0 || IsLoopback(TrafficHttp2));

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var addresses = new List<(string Name, string Value)> { (nameof(Traffic), Traffic), (nameof(Management), Management) };
        if (TrafficHttp2.Length > 0)
        {
            addresses.Add((nameof(TrafficHttp2), TrafficHttp2));
        }

        var good = true;
        foreach (var (name, value) in addresses)
        {
            if (Address(value) is { Port: 0, Host: var host } && string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase))
            {
                yield return new ValidationResult("localhost stands for two addresses, which cannot share a free port. Write http://127.0.0.1:0.", [name]);
            }
            else if (Address(value) is null)
            {
                good = false;
                yield return new ValidationResult($"'{value}' is no address to listen on. Write http://host:port.", [name]);
            }
        }

        foreach (var same in good ? addresses.GroupBy(address => Address(address.Value)!.Port).Where(port => port.Key > 0 && port.Count() > 1) : [])
        {
            yield return new ValidationResult(
                "name the same port. Nothing of one answers on another: give each a port of its own.",
                [.. same.Select(address => address.Name)]);
        }
    }

    private static bool IsLoopback(string url) =>
        Address(url) is { Host: var host } && (string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));

    /// <summary>The address as host and port, or null when <paramref name="value"/> is none; <c>*</c> and <c>+</c> stand for any host.</summary>
    internal static BindingAddress? Address(string value)
    {
        try
        {
            var address = BindingAddress.Parse(value);
            return address is { Scheme: "http", IsUnixPipe: false, PathBase: "" } ? address : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
