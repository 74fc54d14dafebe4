using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.OAuth;

/// <summary>Every page that a person who connects may see. Each says what happened and what to do next.</summary>
internal sealed class ConnectPages(ConnectLinks links, Listeners listeners)
{
    public static IResult InvalidLink() => Page(400, "This link does not work",
        "It has expired, or it was not copied whole. An app's next failing request gives a new one, and so does the operator of the gateway.");

    public static IResult UnknownConnection() => Page(404, "There is no such connection",
        "It was deleted since the link was made. Ask the operator of the gateway.");

    public static IResult NotConfigured() => Page(503, "The gateway is not set up yet",
        "Its operator has to configure the app at Atlassian first; the management page says how.");

    public static IResult InvalidState() => Page(400, "This consent cannot be finished",
        "It was already used, took longer than ten minutes, or was not begun here. Nothing has changed. Open the link you were given again.");

    public static IResult OtherBrowser() => Page(400, "This consent was begun in another browser",
        "For safety it can only be finished where it was begun. Nothing has changed. Open the link you were given again, in this browser, and allow cookies for this site.");

    public IResult Declined(ConnectRequest request) => Page(400, "You declined",
        "Nothing has changed: the app stays without access until somebody consents.", retry: Retry(request));

    public IResult Refused(ConnectRequest request, string error) => Page(400, "Atlassian refused",
        "Atlassian did not let you consent. Nothing has changed. Tell the operator of the gateway what it said:", [error], Retry(request));

    public IResult CodeNotAccepted(ConnectRequest request, string evidence) => Page(400, "The consent came too late",
        "Atlassian no longer accepts it, which happens when it is not used at once. Nothing has changed.", [evidence], Retry(request));

    public static IResult Misconfigured(string evidence) => Page(503, "Atlassian refuses the gateway's app",
        "Its client id or secret is wrong. Nothing has changed. Tell the operator of the gateway:", [evidence]);

    public IResult NoAnswer(ConnectRequest request, string evidence) => Page(502, "Atlassian did not answer",
        "Nothing has changed. Wait a moment and try again.", [evidence], Retry(request));

    public static IResult NoOfflineAccess() => Page(400, "The consent lacks offline_access",
        "Without that scope the gateway would lose access after an hour, so nothing was stored. Ask the operator of the gateway to add offline_access to Atlassian:Scopes.");

    public IResult NoSite(ConnectRequest request) => Page(400, "Your account reaches no Confluence site",
        "Guests cannot connect an app, and neither can an account without Confluence. Nothing has changed. Consent with an account that is a user of the site.", retry: Retry(request));

    public IResult WrongSite(ConnectRequest request, SiteSelection.NotCovered wrong) => Page(400, "This consent is for another site",
        $"The connection is for {wrong.Wanted}, and your consent reaches only the sites below. Nothing has changed. Choose the right site when you consent, or use an account that has it.",
        [.. wrong.Sites.Select(site => $"{site.Name} ({site.Url})")], Retry(request));

    public static IResult OtherAccount() => Page(403, "This is another account",
        "This link repairs a connection with the account that made it, and you consented with another one, or one that cannot be told. Nothing has changed. Consent with the same account, or ask the operator of the gateway for a link that allows a change.");

    public IResult ChooseSite(Connection connection, IReadOnlyList<Site> sites, Secret choice) => new PageResult<ChooseSite>(200, new Dictionary<string, object?>
    {
        [nameof(OAuth.ChooseSite.ConnectionName)] = connection.DisplayName,
        [nameof(OAuth.ChooseSite.Sites)] = sites.ToDictionary(site => site.CloudId, site => $"{site.Name} ({site.Url})"),
        [nameof(OAuth.ChooseSite.Choice)] = choice.Reveal(),
        [nameof(OAuth.ChooseSite.Action)] = listeners.PublicUrl + "/connect/choose",
    });

    public static IResult Connected(Connection connection, Site site, IReadOnlyList<string> missingScopes) => missingScopes.Count == 0
        ? Page(200, "Connected", $"{connection.DisplayName} now reaches {site.Name} ({site.Url}). You can close this page.")
        : Page(200, "Connected, with less than was asked for",
            $"{connection.DisplayName} now reaches {site.Name} ({site.Url}), but Atlassian did not grant the scopes below; calls that need them will be refused. Check that the app at Atlassian has them. You can close this page.",
            missingScopes);

    public static IResult Unavailable() => Page(503, "The gateway cannot do this just now",
        "Its store or Atlassian is out of reach. Nothing has changed. Open the link you were given again in a minute.");

    private Uri Retry(ConnectRequest request) => links.Create(request.ConnectionId, request.Issuer).Url;

    private static PageResult<Notice> Page(int status, string title, string text, IReadOnlyList<string>? items = null, Uri? retry = null) =>
        new(status, new Dictionary<string, object?>
        {
            [nameof(Notice.Title)] = title,
            [nameof(Notice.Text)] = text,
            [nameof(Notice.Items)] = items ?? [],
            [nameof(Notice.Retry)] = retry,
        });
}
