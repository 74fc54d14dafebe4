using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ConfluenceGateway.Tests.Admin.SignIn;

/// <summary>An OpenID Connect provider at which one person is signed in already; its answers can be spoilt.</summary>
internal sealed class IdentityProvider : IAsyncDisposable
{
    public const string ClientId = "gateway-at-the-provider";
    public const string ClientSecret = "secret-of-the-gateway-at-the-provider";

    private readonly WebApplication _app;
    private readonly RsaSecurityKey _key = new(RSA.Create(2048)) { KeyId = "one" };
    private readonly ConcurrentDictionary<string, (string Nonce, string Challenge, string RedirectUri)> _codes = new();

    private IdentityProvider(WebApplication app) => _app = app;

    public string Issuer => _app.Urls.First();

    /// <summary>The claims of the person beside the subject.</summary>
    public Dictionary<string, object> Claims { get; } = new() { ["name"] = "Ada Lovelace" };

    /// <summary>What is put in place of the nonce that was sent; null leaves it.</summary>
    public string? OtherNonce { get; set; }

    /// <summary>What is put in place of the state that was sent; null leaves it.</summary>
    public string? OtherState { get; set; }

    /// <summary>The audience of the ID tokens.</summary>
    public string Audience { get; set; } = ClientId;

    /// <summary>Whether ID tokens are signed with a key that nobody published.</summary>
    public bool IsForged { get; set; }

    /// <summary>The scope that was asked for last.</summary>
    public string? Scope { get; private set; }

    /// <summary>The redirect URI that was asked for last.</summary>
    public string? RedirectUri { get; private set; }

    public static async Task<IdentityProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new IdentityProvider(app);
        app.MapGet("/.well-known/openid-configuration", provider.Describe);
        app.MapGet("/jwks", () => new { keys = new[] { JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(provider._key.Rsa.ExportParameters(false)) { KeyId = "one" }) }.Select(key => new { kty = key.Kty, kid = key.Kid, n = key.N, e = key.E, use = "sig", alg = "RS256" }) });
        app.MapGet("/authorize", provider.Authorize);
        app.MapPost("/token", provider.TokenAsync);
        await app.StartAsync();
        return provider;
    }

    /// <summary>The settings of a gateway that signs in by it.</summary>
    public string[] Settings() =>
        [$"--Admin:Oidc:Authority={Issuer}", $"--Admin:Oidc:ClientId={ClientId}", $"--Admin:Oidc:ClientSecret={ClientSecret}"];

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Rsa.Dispose();
    }

    private object Describe() => new
    {
        issuer = Issuer,
        authorization_endpoint = Issuer + "/authorize",
        token_endpoint = Issuer + "/token",
        jwks_uri = Issuer + "/jwks",
        response_types_supported = new[] { "code" },
        subject_types_supported = new[] { "public" },
        id_token_signing_alg_values_supported = new[] { "RS256" },
    };

    private IResult Authorize(HttpRequest request)
    {
        var asked = request.Query;
        if (asked["response_type"] != "code" || asked["code_challenge_method"] != "S256" || asked["client_id"] != ClientId || asked["nonce"].Count != 1)
        {
            return Results.BadRequest("No authorization code with PKCE and a nonce was asked for.");
        }

        (Scope, RedirectUri) = (asked["scope"], asked["redirect_uri"]);
        var code = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(24));
        _codes[code] = (OtherNonce ?? asked["nonce"].ToString(), asked["code_challenge"].ToString(), RedirectUri!);
        return Results.Redirect(QueryHelpers.AddQueryString(RedirectUri!, new Dictionary<string, string?> { ["code"] = code, ["state"] = OtherState ?? asked["state"].ToString() }));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = await request.ReadFormAsync();
        var verified = WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString())));
        if (form["client_secret"] != ClientSecret || !_codes.TryRemove(form["code"].ToString(), out var known) || known.Challenge != verified || known.RedirectUri != form["redirect_uri"])
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        using var foreign = RSA.Create(2048);
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            Claims = new Dictionary<string, object>(Claims) { ["sub"] = "subject-1", ["nonce"] = known.Nonce },
            SigningCredentials = new SigningCredentials(IsForged ? new RsaSecurityKey(foreign) { KeyId = "one", CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } } : _key, SecurityAlgorithms.RsaSha256),
        });
        return Results.Json(new { access_token = "an-access-token-of-the-provider", token_type = "Bearer", expires_in = 300, id_token = token });
    }
}
