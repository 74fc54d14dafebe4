using System.ComponentModel.DataAnnotations;

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

    /// <summary>The largest request body that is forwarded, in bytes; a larger one is answered with 413. From 1 to 2^40; 2 GiB by default.</summary>
    [Range(1L, 1L << 40, ErrorMessage = "must be from 1 to 1099511627776 bytes.")]
    public long MaxRequestBodyBytes { get; set; } = 2L << 30;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var good = true;
        foreach (var (name, value) in new[] { (nameof(Traffic), Traffic), (nameof(Management), Management) })
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

        if (good && Address(Traffic) is { Port: > 0 } traffic && traffic.Port == Address(Management)!.Port)
        {
            yield return new ValidationResult(
                "both name the same port. Nothing of one answers on the other: give each a port of its own.",
                [nameof(Traffic), nameof(Management)]);
        }
    }

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
