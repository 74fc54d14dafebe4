using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.OAuth;

/// <summary>Every page that a person who connects may see. Each says what happened, what came of it, and what to do next.</summary>
internal sealed class ConnectPages(ConnectLinks links, Listeners listeners)
{
    /// <summary>What a link is for, with the button that begins the consent.</summary>
    public IResult Invitation(ConnectionSnapshot snapshot, LinkIssuer issuer, AtlassianOptions app, InvitationForm form)
    {
        var (connection, grant) = (snapshot.Connection, snapshot.Grant);
        var death = grant is null ? null : grant.Death ?? ReauthReasons.WrongApp(grant, app);
        return new PageResult<Invitation>(form.IsRefused ? 400 : 200, new Dictionary<string, object?>
        {
            [nameof(OAuth.Invitation.Standing)] = Standing.Of(connection, grant, death),
            [nameof(OAuth.Invitation.Connection)] = new InvitedConnection(
                connection.Id.Value, connection.DisplayName, connection.SiteUrl, connection.CloudId, connection.Paused,
                issuer == LinkIssuer.Caller && grant is { AccountId: not null } ? grant.ConsentedAt : null),
            [nameof(OAuth.Invitation.Asked)] = AskedScopes.Of(app.Scopes),
            [nameof(OAuth.Invitation.Form)] = form,
            [nameof(OAuth.Invitation.Action)] = $"{listeners.PublicUrl}/connect/{connection.Id}",
        })
        {
            // Browsers hold every redirect that follows a form to this, and through which hosts Atlassian and a company's single
            // sign-on lead is theirs to decide.
            FormAction = $"'self' {new Uri(app.AuthBaseUrl).Scheme}:",
        };
    }

    public static IResult InvalidLink() => Notice(new(400, StatusKind.Bad, "This link does not work",
        "A link works for 24 hours, for one connection, and only when it was copied whole.")
    {
        Next =
        [
            "Let the app that failed try once more: the error it gets has a new link, as reconnectUrl.",
            "Or ask the operator of the gateway to make one.",
        ],
    });

    public static IResult UnknownConnection() => Notice(new(404, StatusKind.Bad, "There is no such connection",
        "It was deleted since the link was made.")
    {
        NothingChanged = false,
        Next = ["Ask the operator of the gateway whether there is another one in its place."],
    });

    public static IResult NotConfigured() => Notice(new(503, StatusKind.Attention, "The gateway is not set up yet",
        "Its operator has to configure the app at Atlassian first; the management page says how.")
    {
        NothingChanged = false,
        Next = ["Tell the operator, and open the link again when it is done."],
    });

    public static IResult InvalidState() => Notice(new(400, StatusKind.Bad, "This consent cannot be finished",
        "It was already used, took longer than ten minutes, or was not begun here.")
    {
        Next = ["Open the link you were given again. If it says that all is connected, you are done."],
    });

    public static IResult OtherBrowser() => Notice(new(400, StatusKind.Bad, "This consent was begun in another browser",
        "For safety it can only be finished where it was begun.")
    {
        Next = ["Open the link you were given again, in this browser, and allow cookies for this site."],
    });

    public IResult Declined(ConnectRequest request) => Notice(new(400, StatusKind.Attention, "You declined",
        "The app stays without access until somebody consents.")
    {
        Next = ["If that is what you want, close this page."],
        Retry = Retry(request),
    });

    public IResult Refused(ConnectRequest request, string error) => Notice(new(400, StatusKind.Bad, "Atlassian refused",
        "Atlassian did not let you consent. This is what it said:")
    {
        Items = [error],
        Next = ["Try again, and if it says the same, tell the operator of the gateway."],
        Retry = Retry(request),
    });

    public IResult CodeNotAccepted(ConnectRequest request, string evidence) => Notice(new(400, StatusKind.Bad, "The consent came too late",
        "Atlassian no longer accepts it, which happens when it is not used at once. This is what it said:")
    {
        Items = [evidence],
        Retry = Retry(request),
    });

    public static IResult Misconfigured(string evidence) => Notice(new(503, StatusKind.Bad, "Atlassian refuses the gateway's app",
        "Its client id or secret is wrong. This is what Atlassian said:")
    {
        Items = [evidence],
        Next = ["Tell the operator of the gateway. You did nothing wrong, and cannot mend it here."],
    });

    public IResult NoAnswer(ConnectRequest request, string evidence) => Notice(new(502, StatusKind.Attention, "Atlassian did not answer",
        "Your consent arrived and could not be used. This is what was seen:")
    {
        Items = [evidence],
        Next = ["Wait a moment and try again."],
        Retry = Retry(request),
    });

    public static IResult NoOfflineAccess() => Notice(new(400, StatusKind.Bad, "The consent lacks offline_access",
        "Without that scope the gateway would lose access after an hour, so nothing was stored.")
    {
        Next = ["Ask the operator of the gateway to add offline_access to Atlassian:Scopes."],
    });

    public IResult NoSite(ConnectRequest request) => Notice(new(400, StatusKind.Bad, "Your account reaches no Confluence site",
        "Guests cannot connect an app, and neither can an account without Confluence.")
    {
        Next = ["Consent with an account that is a user of the site."],
        Retry = Retry(request),
    });

    public IResult WrongSite(ConnectRequest request, SiteSelection.NotCovered wrong) => Notice(new(400, StatusKind.Bad, "This consent is for another site",
        $"The connection is for {wrong.Wanted}, and your consent reaches only:")
    {
        Items = [.. wrong.Sites.Select(site => $"{site.Name} ({site.Url})")],
        Next = ["Choose the right site when you consent, or use an account that has it."],
        Retry = Retry(request),
    });

    public IResult OtherAccount(ConnectRequest request) => Notice(new(403, StatusKind.Bad, "This is another account",
        "This link repairs a connection with the account that made it, and you consented with another one, or one that cannot be told.")
    {
        Next = ["Consent with the same account, or ask the operator of the gateway for a link that allows a change."],
        Retry = Retry(request),
    });

    public IResult ChooseSite(Connection connection, IReadOnlyList<Site> sites, Secret choice) => new PageResult<ChooseSite>(200, new Dictionary<string, object?>
    {
        [nameof(OAuth.ChooseSite.ConnectionName)] = connection.DisplayName,
        [nameof(OAuth.ChooseSite.Sites)] = sites.Select(site => (site.CloudId, site.Name, site.Url)).ToArray(),
        [nameof(OAuth.ChooseSite.Choice)] = choice.Reveal(),
        [nameof(OAuth.ChooseSite.Action)] = listeners.PublicUrl + "/connect/choose",
    });

    public static IResult Connected(Connection connection, Site site, IReadOnlyList<string> missingScopes)
    {
        var effect = connection.Paused
            ? "An operator has paused this connection: the apps that use it are served when the pause ends."
            : "The apps that use this connection work again by themselves within seconds.";
        return Notice(missingScopes.Count == 0
            ? new(200, StatusKind.Good, "Connected", effect + " You can close this page.") { Facts = Facts(connection, site), NothingChanged = false }
            : new(200, StatusKind.Attention, "Connected, with less than was asked for", effect + " But Atlassian did not grant these scopes, and refuses calls that need them:")
            {
                Items = missingScopes,
                Facts = Facts(connection, site),
                NothingChanged = false,
                Next = ["Tell the operator of the gateway, who checks that the app at Atlassian has them. You can close this page."],
            });
    }

    public static IResult Unavailable() => Notice(new(503, StatusKind.Attention, "The gateway cannot do this just now",
        "Its store or Atlassian is out of reach.")
    {
        Next = ["Open the link you were given again in a minute."],
    });

    private static (string Term, string Value)[] Facts(Connection connection, Site site) =>
        [("Connection", connection.DisplayName), ("Site", $"{site.Name} ({site.Url})")];

    private Uri Retry(ConnectRequest request) => links.Create(request.ConnectionId, request.Issuer).Url;

    private static PageResult<Notice> Notice(NoticeText text) =>
        new(text.Status, new Dictionary<string, object?> { [nameof(OAuth.Notice.Text)] = text });
}
