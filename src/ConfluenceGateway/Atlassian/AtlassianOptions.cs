using System.ComponentModel.DataAnnotations;

namespace ConfluenceGateway.Atlassian;

/// <summary>The OAuth 2.0 (3LO) app at Atlassian, and where Atlassian is.</summary>
internal sealed class AtlassianOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Atlassian";

    /// <summary>The app's client id. Without it the gateway starts and says what is missing.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The app's client secret.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>A file that holds <see cref="ClientSecret"/>; read again when it changes.</summary>
    public string ClientSecretFile { get; set; } = "";

    /// <summary>Where consent and token endpoint are; an absolute URL.</summary>
    public string AuthBaseUrl { get; set; } = "https://auth.atlassian.com";

    /// <summary>Where the APIs are; an absolute URL. <c>https</c> negotiates HTTP/2 or 1.1, <c>http</c> is spoken as HTTP/1.1.</summary>
    public string ApiBaseUrl { get; set; } = "https://api.atlassian.com";

    /// <summary>What consent is asked for: space-separated scopes (RFC 6749 section 3.3), each of which the app must have.</summary>
    public string Scopes { get; set; } = string.Join(' ', DefaultScopes);

    /// <summary>Whether there is an app to refresh with.</summary>
    public bool IsConfigured => ClientId.Length > 0 && ClientSecret.Length > 0;

    // Classic scopes open the v1 API, granular ones the v2 API; with one family alone the other API answers
    // "scope does not match". Atlassian advises to stay under 50.
    private static readonly string[] DefaultScopes =
    [
        "read:confluence-content.all", "read:confluence-content.summary", "read:confluence-content.permission",
        "write:confluence-content", "read:confluence-space.summary", "write:confluence-space", "write:confluence-file",
        "read:confluence-props", "write:confluence-props", "readonly:content.attachment:confluence",
        "search:confluence", "read:confluence-user", "read:confluence-groups",
        "read:page:confluence", "write:page:confluence", "delete:page:confluence",
        "read:comment:confluence", "write:comment:confluence", "delete:comment:confluence",
        "read:attachment:confluence", "write:attachment:confluence", "delete:attachment:confluence",
        "read:custom-content:confluence", "read:space:confluence", "write:space:confluence",
        "read:content.metadata:confluence", "read:task:confluence", "write:task:confluence",
        "offline_access",
    ];

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (ClientId.Length > 0 != ClientSecret.Length > 0)
        {
            yield return new ValidationResult("only one of the two is set. An app has both: set both, or neither to see the setup page.", [nameof(ClientId), nameof(ClientSecret)]);
        }

        foreach (var (name, value) in new[] { (nameof(AuthBaseUrl), AuthBaseUrl), (nameof(ApiBaseUrl), ApiBaseUrl) })
        {
            if (!(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { PathAndQuery: "/", Fragment: "" }))
            {
                yield return new ValidationResult("must be an absolute http or https URL without a path.", [name]);
            }
        }

        if (!Scopes.Split(' ').Contains("offline_access"))
        {
            yield return new ValidationResult("must contain offline_access: without it Atlassian gives no refresh token.", [nameof(Scopes)]);
        }
    }
}
