using System.ComponentModel.DataAnnotations;

namespace ConfluenceGateway.Webhooks;

/// <summary>The first webhook endpoint, and where webhooks may lead.</summary>
internal sealed class WebhookOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Webhooks";

    /// <summary>Where events are sent. Empty: nowhere, but to endpoints that the management API made.</summary>
    public string Url { get; set; } = "";

    /// <summary>What those events are signed with: <c>whsec_</c> and the base64 of 24 to 64 bytes.</summary>
    public string Secret { get; set; } = "";

    /// <summary>A file that holds <see cref="Secret"/>; read again when it changes.</summary>
    public string SecretFile { get; set; } = "";

    /// <summary>Whether endpoints may be in networks that are not public, and may be reached by <c>http</c>; false by default.</summary>
    public bool AllowPrivateNetworks { get; set; }

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url.Length > 0 && EndpointUrl.Refusal(Url, AllowPrivateNetworks) is { } refusal)
        {
            yield return new ValidationResult(refusal, [nameof(Url)]);
        }

        if (Url.Length > 0 && Secret.Length == 0)
        {
            yield return new ValidationResult("is required with Webhooks:Url: receivers tell by it who sent an event. Set it, or Webhooks:SecretFile.", [nameof(Secret)]);
        }

        if (Secret.Length > 0 && !WebhookSecret.TryParse(Secret, out _))
        {
            yield return new ValidationResult(WebhookSecret.Rule, [nameof(Secret)]);
        }
    }
}
