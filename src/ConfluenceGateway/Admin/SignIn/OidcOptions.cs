using System.ComponentModel.DataAnnotations;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>The identity provider that signs people in to the management pages (OpenID Connect Core 1.0); none when empty.</summary>
internal sealed class OidcOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Admin:Oidc";

    /// <summary>The provider's issuer URL, https, or http on this machine; <c>/.well-known/openid-configuration</c> below it is read.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The client id of the gateway at the provider.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The client secret.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>A file that holds <see cref="ClientSecret"/>; read again when it changes.</summary>
    public string ClientSecretFile { get; set; } = "";

    /// <summary>The claim of the ID token that names roles, as one text or a list.</summary>
    [Required(ErrorMessage = "must name a claim of the ID token, such as roles or groups.")]
    public string RoleClaim { get; set; } = "roles";

    /// <summary>The value of <see cref="RoleClaim"/> that makes an operator.</summary>
    [Required(ErrorMessage = "must not be empty: nobody could act.")]
    public string OperatorRole { get; set; } = Operators.Operator;

    /// <summary>The value of <see cref="RoleClaim"/> that makes a viewer.</summary>
    [Required(ErrorMessage = "must not be empty.")]
    public string ViewerRole { get; set; } = Operators.Viewer;

    /// <summary>The scopes to ask for, separated by single spaces; with <c>openid</c>.</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>The path of the management listener that the provider sends browsers back to.</summary>
    public string CallbackPath { get; set; } = "/sign-in/oidc";

    /// <summary>Whether there is a provider.</summary>
    public bool IsConfigured => Authority.Length > 0;

    /// <summary>The scopes, one by one.</summary>
    public string[] ScopeList => Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (new[] { Authority, ClientId, ClientSecret }.Select(value => value.Length > 0).Distinct().Count() > 1)
        {
            yield return new ValidationResult(
                "only some of them are set. Sign-in by an identity provider needs all three; without one set none.", [nameof(Authority), nameof(ClientId), nameof(ClientSecret)]);
        }

        if (Authority.Length > 0
            && !(Uri.TryCreate(Authority, UriKind.Absolute, out var url) && url is { Query: "", Fragment: "", UserInfo: "" }
                && (url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && url.IsLoopback))))
        {
            yield return new ValidationResult("must be an absolute https URL without query, such as https://login.example.com/realm; http is for this machine only.", [nameof(Authority)]);
        }

        if (!ScopeList.Contains("openid"))
        {
            yield return new ValidationResult("must contain openid: without it there is no ID token.", [nameof(Scopes)]);
        }

        if (OperatorRole == ViewerRole)
        {
            yield return new ValidationResult("must differ, or it is not clear what the role may do.", [nameof(OperatorRole), nameof(ViewerRole)]);
        }

        if (!CallbackPath.StartsWith(SignInEndpoints.Path + "/", StringComparison.Ordinal) || CallbackPath.AsSpan(1).IndexOfAny("?#%\\ ") >= 0 || CallbackPath.EndsWith('/')
            || CallbackPath.Equals(SignInEndpoints.StartPath, StringComparison.OrdinalIgnoreCase))
        {
            yield return new ValidationResult($"must be a path below {SignInEndpoints.Path}/, such as /sign-in/oidc, and not {SignInEndpoints.StartPath}.", [nameof(CallbackPath)]);
        }
    }
}
