using System.Text.Json.Nodes;
using AtlassianSimulator.Control;
using AtlassianSimulator.Edge;

namespace AtlassianSimulator.OAuth;

/// <summary>What a token tells about itself: the sites it reaches and the account it stands for.</summary>
internal sealed class AccountEndpoints(AccessTokens accessTokens, Counters counters)
{
    /// <summary><c>GET /oauth/token/accessible-resources</c>: one entry per site, with the scopes granted there.</summary>
    public Task AccessibleResourcesAsync(HttpContext http)
    {
        if (accessTokens.FindUsable(Credentials.Bearer(http.Request)) is not { Grant: var grant })
        {
            return UnauthorizedAsync(http);
        }

        var body = Json.Bytes(new JsonArray([.. grant.Sites.Select(site => new JsonObject
        {
            ["id"] = site.CloudId,
            ["url"] = site.Url.GetLeftPart(UriPartial.Authority),
            ["name"] = site.Name,
            ["scopes"] = new JsonArray([.. Scopes.OnSite(grant.Scopes, site).Select(scope => JsonValue.Create(scope))]),
            ["avatarUrl"] = Accounts.Site.AvatarUrl.ToString(),
        })]));
        http.Response.Headers.ETag = $"W/\"{body.Length:x}-{Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(body.Span))[..27]}\"";
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    /// <summary><c>GET /me</c> of the User identity API; needs <c>read:me</c>.</summary>
    public Task MeAsync(HttpContext http)
    {
        if (accessTokens.FindUsable(Credentials.Bearer(http.Request)) is not { Grant: var grant })
        {
            return UnauthorizedAsync(http);
        }

        if (!grant.Scopes.Contains(Scopes.ReadMe))
        {
            return EdgeErrors.ScopeDoesNotMatchAsync(http);
        }

        return Json.WriteAsync(http, new JsonObject
        {
            ["account_type"] = "atlassian",
            ["account_id"] = grant.Account.AccountId,
            ["email"] = grant.Account.Email,
            ["name"] = grant.Account.DisplayName,
            ["picture"] = grant.Account.Picture.ToString(),
            ["account_status"] = "active",
            ["nickname"] = grant.Account.Name,
        });
    }

    private Task UnauthorizedAsync(HttpContext http)
    {
        counters.UnauthorizedRequest();
        return EdgeErrors.UnauthorizedAsync(http);
    }
}
