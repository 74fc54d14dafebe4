using AtlassianSimulator.Accounts;
using AtlassianSimulator.Control;
using AtlassianSimulator.OAuth;

namespace AtlassianSimulator.Edge;

/// <summary>Who makes an API call, and on which site.</summary>
internal sealed record Admitted(Account Caller, Site Site);

/// <summary>Decides whether a request under <c>/ex</c> may pass: token, cloud id, site, scope, in this order.</summary>
internal sealed class ApiAdmission(AccessTokens accessTokens, AccountDirectory directory, LiveSettings settings, Counters counters, SimulatorClock clock)
{
    /// <param name="scope">The scope the operation needs; null when any token will do.</param>
    /// <returns>Null when the request has been answered.</returns>
    public async Task<Admitted?> AdmitAsync(HttpContext http, string product, string? scope)
    {
        if (Credentials.IsBasic(http.Request))
        {
            await EdgeErrors.BasicIsNotAcceptedAsync(http);
            return null;
        }

        if (accessTokens.FindUsable(Credentials.Bearer(http.Request)) is not { Grant: var grant })
        {
            counters.UnauthorizedRequest();
            await RefuseAsync(http);
            return null;
        }

        if (directory.FindSite(http.Request.RouteValues["cloudId"]?.ToString()) is not { } site)
        {
            await EdgeErrors.NotFoundAsync(http, clock);
            return null;
        }

        if (!grant.Reaches(site))
        {
            await EdgeErrors.NotPermittedAsync(http, product);
            return null;
        }

        if (scope is not null && !Scopes.OnSite(grant.Scopes, site).Contains(scope))
        {
            await EdgeErrors.ScopeDoesNotMatchAsync(http);
            return null;
        }

        return new Admitted(grant.Account, site);
    }

    private Task RefuseAsync(HttpContext http)
    {
        if (settings.Current.ExpiredAccessToken == ExpiredAccessToken.Unauthorized)
        {
            return EdgeErrors.UnauthorizedAsync(http);
        }

        return http.Request.Path.Value?.Contains("/api/v2/", StringComparison.Ordinal) == true
            ? Confluence.V2.V2Errors.NotFoundAsync(http)
            : Confluence.V1.V1Errors.ForbiddenAsync(http);
    }
}
