using System.ComponentModel.DataAnnotations;

namespace ConfluenceGateway.Configuration;

/// <summary>How the outside sees this gateway.</summary>
internal sealed class GatewayOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Gateway";

    /// <summary>
    /// The URL under which browsers reach the traffic listener, used in links and in the callback URL;
    /// an absolute <c>http</c> or <c>https</c> URL without query. Empty: the traffic address.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicUrl.Length > 0
            && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { Query: "", Fragment: "", UserInfo: "" }))
        {
            yield return new ValidationResult("must be an absolute http or https URL without query, such as https://gateway.example.com.", [nameof(PublicUrl)]);
        }
    }
}
