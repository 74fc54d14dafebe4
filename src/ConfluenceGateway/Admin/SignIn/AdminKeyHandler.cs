using System.Text.Encodings.Web;
using ConfluenceGateway.Admin.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>The management API's one way in: a key as bearer token (RFC 6750 section 2.1).</summary>
internal sealed class AdminKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, AdminKey key)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    private const string Prefix = "Bearer ";

    /// <inheritdoc />
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var authorization = Request.Headers.Authorization.ToString();
        return Task.FromResult(authorization.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && key.RoleOf(authorization[Prefix.Length..].Trim()) is { } role
            ? AuthenticateResult.Success(new AuthenticationTicket(Operators.Holder(role), Scheme.Name))
            : AuthenticateResult.NoResult());
    }

    /// <inheritdoc />
    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => AdminProblems.Unauthorized().ExecuteAsync(Context);

    /// <inheritdoc />
    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => AdminProblems.Forbidden().ExecuteAsync(Context);
}
