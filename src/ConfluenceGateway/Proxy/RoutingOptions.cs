using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace ConfluenceGateway.Proxy;

/// <summary>How a request names its connection, besides by its path.</summary>
internal sealed partial class RoutingOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Routing";

    /// <summary>
    /// The domain below which each connection has a host of its own, <c>{connectionId}.{HostSuffix}</c>: a DNS name without a
    /// port, such as <c>gateway.example.com</c>. Empty: connections are addressed by path alone.
    /// </summary>
    [HostName]
    public string HostSuffix { get; set; } = "";

    private sealed partial class HostNameAttribute : ValidationAttribute
    {
        public override bool IsValid(object? value) => value is string { Length: 0 } || value is string { Length: < 190 } name && Name().IsMatch(name);

        public override string FormatErrorMessage(string name) => "must be a DNS name without a port or a leading dot, such as gateway.example.com.";

        [GeneratedRegex(@"^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\z")]
        private static partial Regex Name();
    }
}
