using AtlassianSimulator.Accounts;
using AtlassianSimulator.OAuth;
using static AtlassianSimulator.Control.ControlEndpoints;

namespace AtlassianSimulator.Control;

/// <summary>The part of the control API that shows, makes and kills grants.</summary>
internal sealed class GrantControl(Grants grants, OAuthApps apps, AccountDirectory directory)
{
    public void Map(IEndpointRouteBuilder control)
    {
        control.MapGet("/grants", Respond(_ => grants.All.Select(Report).ToList()));
        control.MapGet("/grants/{id}", Respond(http => Report(Find(http))));
        control.MapPost("/grants", RespondAsync(MintAsync));
        control.MapPost("/grants/{id}/revoke", Respond(Revoke));
        control.MapPost("/grants/{id}/expire-access-tokens", Respond(ExpireAccessTokens));
        control.MapPost("/grants/{id}/remove-site", RespondAsync(RemoveSiteAsync));
    }

    private GrantReport Report(Grant grant)
    {
        lock (grant.Gate)
        {
            var deadReason = grants.Examine(grant);
            return new GrantReport(
                grant.Id, grant.Account.Name, grant.ClientId, [.. grant.Sites.Select(site => site.CloudId)], grant.Scopes, grant.ConsentedAt,
                deadReason is null, deadReason, grant.Exchanges, grant.Attempts, grant.Rejected, grant.InFlight, grant.MaxInFlight,
                grant.CurrentFingerprint);
        }
    }

    private async Task<object?> MintAsync(HttpContext http)
    {
        var wanted = await ControlInput.ReadAsync<GrantToMint>(http, "account");
        var account = directory.FindAccount(wanted.Account)
            ?? throw new ControlInputException("account", $"must be one of {string.Join(", ", directory.Accounts.Select(known => known.Name))}");
        var app = wanted.ClientId is null ? apps.Default : apps.Find(wanted.ClientId) ?? throw new ControlInputException("clientId", "is not registered");
        var sites = wanted.CloudIds?.Select(cloudId => directory.FindSite(cloudId)
            ?? throw new ControlInputException("cloudIds", $"has an unknown cloud id: {cloudId}")).ToList() ?? account.Sites;
        if (sites.FirstOrDefault(site => !account.MayUse(site)) is { } foreign)
        {
            throw new ControlInputException("cloudIds", $"has a site that {account.Name} may not use: {foreign.CloudId}");
        }

        var grant = grants.Create(account, app.ClientId, wanted.Scopes ?? Scopes.All, sites);
        return new MintedGrant(grant.Id, grants.IssueRefreshToken(grant));
    }

    private object? Revoke(HttpContext http)
    {
        Find(http).Kill(DeadReasons.Revoked);
        return null;
    }

    private object? ExpireAccessTokens(HttpContext http)
    {
        Find(http).ExpireAccessTokens();
        return null;
    }

    private async Task<object?> RemoveSiteAsync(HttpContext http)
    {
        var grant = Find(http);
        var cloudId = (await ControlInput.ReadAsync<SiteToRemove>(http, "cloudId")).CloudId;
        if (directory.FindSite(cloudId) is not { } site || !grant.RemoveSite(site))
        {
            throw new ControlInputException("cloudId", "is not a site of the grant");
        }

        return null;
    }

    private Grant Find(HttpContext http) => grants.Find(Route(http, "id")) ?? throw NotFound("id");
}
