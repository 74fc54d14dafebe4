using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Audit;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.OAuth;

/// <summary>Turns a consent into a grant: code, pair, site, account, store.</summary>
internal sealed partial class ConsentCompletion(
    TokenEndpoint endpoint, ConfigurationCircuit circuit, RefusalGuard guard, AccessibleResources resources, ConsentSubject subject, GrantStore grants,
    HeldPairs held, RedisKeys keys, AuditTrail audit, ReplicaId replica, SetupState setup, ConnectPages pages, IOptionsMonitor<AtlassianOptions> options, TimeProvider time,
    ILogger<ConsentCompletion> logger)
{
    // On a time-out of its own: a browser that is closed must not leave a spent code without its grant.
    private static readonly TimeSpan ExchangeTimeout = TimeSpan.FromSeconds(60);

    /// <summary>Exchanges the code of a callback and goes as far as a person is not needed.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    /// <exception cref="AtlassianUnavailableException">Atlassian is out of reach after the exchange.</exception>
    public async Task<IResult> CompleteAsync(ConnectRequest request, Secret code)
    {
        if (await subject.ReadAsync(request.ConnectionId, request.Issuer) is not { } snapshot)
        {
            return ConnectPages.UnknownConnection();
        }

        using var timeout = new CancellationTokenSource(ExchangeTimeout, time);
        switch (await endpoint.ExchangeCodeAsync(code, new Uri(setup.CallbackUrl), timeout.Token))
        {
            case TokenAnswer.Success success:
                guard.Accepted(options.CurrentValue.ClientId);
                return await SelectSiteAsync(request, snapshot, new HeldPair(success.Pair, success.Scopes, JsonSerializer.Serialize(request)), timeout.Token);
            case TokenAnswer.NoRefreshToken:
                return ConnectPages.NoOfflineAccess();
            case TokenAnswer.Dead dead:
                return pages.CodeNotAccepted(request, dead.Evidence);
            case TokenAnswer.Misconfigured misconfigured:
                circuit.Open(misconfigured.Evidence);
                return ConnectPages.Misconfigured(misconfigured.Evidence);
            case TokenAnswer.Unsent unsent:
                return pages.NoAnswer(request, unsent.Evidence);
            case TokenAnswer.Ambiguous ambiguous:
                return pages.NoAnswer(request, ambiguous.Evidence);
            default:
                throw new InvalidOperationException("The token endpoint's answers are a closed set.");
        }
    }

    /// <summary>Goes on with the site that a person chose.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    /// <exception cref="AtlassianUnavailableException">Atlassian is out of reach.</exception>
    public async Task<IResult> ChooseAsync(HttpContext context, Secret choice, string cloudId)
    {
        var key = keys.Choice(choice.Fingerprint);
        if (await held.FindAsync(key) is not { } pair || JsonSerializer.Deserialize<ConnectRequest>(pair.Context) is not { } request)
        {
            return ConnectPages.InvalidState();
        }

        if (!BrowserBinding.IsBoundTo(context, request.Browser))
        {
            return ConnectPages.OtherBrowser();
        }

        using var timeout = new CancellationTokenSource(ExchangeTimeout, time);
        var sites = await resources.SitesAsync(pair.Pair.AccessToken, timeout.Token);
        if (await subject.ReadAsync(request.ConnectionId, request.Issuer) is not { } snapshot)
        {
            return ConnectPages.UnknownConnection();
        }

        var chosen = SiteSelection.Of(snapshot.Connection with { CloudId = cloudId }, sites);
        var page = chosen is SiteSelection.Selected { Site: var site }
            ? await StoreAsync(request, snapshot, pair, site, timeout.Token)
            : pages.ChooseSite(snapshot.Connection, sites, choice);
        if (chosen is SiteSelection.Selected)
        {
            await held.ReleaseAsync(key);
        }

        return page;
    }

    private async Task<IResult> SelectSiteAsync(ConnectRequest request, ConnectionSnapshot snapshot, HeldPair pair, CancellationToken cancellationToken)
    {
        var sites = await resources.SitesAsync(pair.Pair.AccessToken, cancellationToken);
        switch (SiteSelection.Of(snapshot.Connection, sites))
        {
            case SiteSelection.Selected { Site: var site }:
                return await StoreAsync(request, snapshot, pair, site, cancellationToken);
            case SiteSelection.NotCovered wrong:
                return pages.WrongSite(request, wrong);
            case SiteSelection.None:
                return pages.NoSite(request);
            case SiteSelection.Several several:
                var choice = Secret.Random("cgwc_");
                await held.HoldAsync(keys.Choice(choice.Fingerprint), pair, AuthorizeStates.Life);
                return pages.ChooseSite(snapshot.Connection, several.Sites, choice);
            default:
                throw new InvalidOperationException("Site selections are a closed set.");
        }
    }

    private async Task<IResult> StoreAsync(
        ConnectRequest request, ConnectionSnapshot snapshot, HeldPair pair, Site site, CancellationToken cancellationToken)
    {
        var account = await resources.AccountIdAsync(site.CloudId, pair.Pair.AccessToken, cancellationToken);
        if (request.Issuer == LinkIssuer.Caller && snapshot.Grant?.AccountId is { } known && known != account)
        {
            Log.OtherAccount(logger, request.ConnectionId);
            await NoteAsync(request, account, known, "other-account");
            return pages.OtherAccount(request);
        }

        var generation = await grants.ReplaceAsync(
            request.ConnectionId, pair.Pair, options.CurrentValue.ClientId, account, site.CloudId, site.Url);
        if (generation is null)
        {
            return ConnectPages.UnknownConnection();
        }

        Log.Connected(logger, request.ConnectionId, site.Url, generation.Value, request.Issuer);
        await NoteAsync(request, account, snapshot.Grant?.AccountId, AuditEntry.Done);
        return ConnectPages.Connected(snapshot.Connection, site, MissingScopes(pair.Scopes));
    }

    private Task NoteAsync(ConnectRequest request, string? account, string? before, string outcome)
    {
        var now = time.GetUtcNow();
        var data = new JsonObject { ["link"] = request.Issuer == LinkIssuer.Operator ? "operator" : "caller" };
        if (before is not null && before != account)
        {
            data["accountBefore"] = before;
        }

        return audit.NoteOrLogAsync(new AuditEntry(
            AuditEntry.NewId(now), now, account ?? "an account that cannot be told", "connection.consent", request.Id, outcome, Address: null, replica.Value, data));
    }

    private string[] MissingScopes(IReadOnlyList<string> granted) => granted.Count == 0
        ? []
        : [.. options.CurrentValue.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Except(granted).Where(scope => scope != "offline_access")];

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id} is connected to {Site} as generation {Generation}, by a link of the {Issuer}.")]
        public static partial void Connected(ILogger logger, ConnectionId id, string site, long generation, LinkIssuer issuer);

        [LoggerMessage(LogLevel.Warning, "{Id} was not reconnected: the consent came from another account, by a link that does not allow it.")]
        public static partial void OtherAccount(ILogger logger, ConnectionId id);
    }
}
