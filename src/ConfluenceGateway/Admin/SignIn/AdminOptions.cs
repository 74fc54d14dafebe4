using System.ComponentModel.DataAnnotations;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>Who may manage the gateway.</summary>
internal sealed class AdminOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Admin";

    /// <summary>The key of the management API, 16 characters at least. Empty in embedded mode: made at first start and kept in the data directory.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>A file that holds <see cref="ApiKey"/>; read again when it changes.</summary>
    public string ApiKeyFile { get; set; } = "";

    /// <summary>The key that looks and changes nothing, 16 characters at least. Empty: there is none.</summary>
    public string ViewerApiKey { get; set; } = "";

    /// <summary>A file that holds <see cref="ViewerApiKey"/>; read again when it changes.</summary>
    public string ViewerApiKeyFile { get; set; } = "";

    /// <summary>
    /// The URL under which browsers reach the management listener, an absolute <c>http</c> or <c>https</c> URL without a path.
    /// Empty: whatever the browser asked.
    /// </summary>
    public string PublicUrl { get; set; } = "";

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (name, value) in new[] { (nameof(ApiKey), ApiKey), (nameof(ViewerApiKey), ViewerApiKey) })
        {
            if (value.Length is > 0 and < 16)
            {
                yield return new ValidationResult("must have 16 characters at least.", [name]);
            }
        }

        if (ApiKey.Length > 0 && ApiKey == ViewerApiKey)
        {
            yield return new ValidationResult("are the same, so every viewer could act. Make another key for viewers.", [nameof(ApiKey), nameof(ViewerApiKey)]);
        }

        if (PublicUrl.Length > 0
            && !(Uri.TryCreate(PublicUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { PathAndQuery: "/", Fragment: "", UserInfo: "" }))
        {
            yield return new ValidationResult("must be an absolute http or https URL without a path, such as https://gateway-admin.example.com.", [nameof(PublicUrl)]);
        }
    }

    /// <summary>With a shared Redis every replica needs the same key, so it must be given.</summary>
    /// <remarks>It looks at the one value, not at Redis' options: errors in those must not hide those here.</remarks>
    internal sealed class Rule(IConfiguration configuration) : IValidateOptions<AdminOptions>
    {
        /// <inheritdoc />
        public ValidateOptionsResult Validate(string? name, AdminOptions options) =>
            configuration[$"{RedisOptions.SectionName}:{nameof(RedisOptions.ConnectionString)}"] is { Length: > 0 } && options.ApiKey.Length == 0 && options.ApiKeyFile.Length == 0
                ? ValidateOptionsResult.Fail("Admin:ApiKey: is required with a real Redis, the same for every replica. Set it, or Admin:ApiKeyFile.")
                : ValidateOptionsResult.Success;
    }
}
