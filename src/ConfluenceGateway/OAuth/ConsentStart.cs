using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.OAuth;

/// <summary>From the link to Atlassian: the link shows what it is for, and the button of its page begins the consent.</summary>
internal sealed class ConsentStart(
    ConnectLinks links, ConsentSubject subject, SetupState setup, AuthorizeStates states, BrowserBinding browser, ConnectPages pages,
    IOptionsMonitor<AtlassianOptions> options)
{
    /// <summary>Shows what a link is for. Nothing begins by it: mail scanners and previews open links too.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public async Task<IResult> ShowAsync(HttpContext context, string id, string? ticket)
    {
        var checkedLink = await CheckAsync(id, ticket);
        return checkedLink is Link.Good link ? Invitation(context, link, isRefused: false) : ((Link.Refused)checkedLink).Page;
    }

    /// <summary>Begins the consent that the page of a link offers, and sends the browser to Atlassian.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    public async Task<IResult> BeginAsync(HttpContext context, string id, IFormCollection form)
    {
        var checkedLink = await CheckAsync(id, form["ticket"]);
        if (checkedLink is not Link.Good link)
        {
            return ((Link.Refused)checkedLink).Page;
        }

        if (!browser.IsFromItsPage(context, link.Snapshot.Connection.Id, form["browser"]))
        {
            // Another site, or a browser that lost the cookie. The page can do no harm, and pressing its button again is the remedy.
            return Invitation(context, link, isRefused: true);
        }

        var state = await states.CreateAsync(new ConnectRequest(id, link.Issuer, browser.Bind(context)));
        var app = options.CurrentValue;
        // Written by hand: the framework's redirect result logs its destination, and this one holds a state.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.Location = QueryHelpers.AddQueryString(app.AuthBaseUrl.TrimEnd('/') + "/authorize", new Dictionary<string, string?>
        {
            ["audience"] = "api.atlassian.com",
            ["client_id"] = app.ClientId,
            ["scope"] = app.Scopes,
            ["redirect_uri"] = setup.CallbackUrl,
            ["state"] = state.Reveal(),
            ["response_type"] = "code",
            ["prompt"] = "consent",
        });
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    private IResult Invitation(HttpContext context, Link.Good link, bool isRefused)
    {
        var id = link.Snapshot.Connection.Id;
        return pages.Invitation(link.Snapshot, link.Issuer, options.CurrentValue, new InvitationForm(link.Ticket, browser.FormToken(context, id), isRefused));
    }

    private async Task<Link> CheckAsync(string id, string? ticket)
    {
        if (!ConnectionId.TryParse(id, out var connectionId) || ticket is null || links.Check(connectionId, ticket) is not { } issuer)
        {
            return new Link.Refused(ConnectPages.InvalidLink());
        }

        if (setup.Missing.Count > 0)
        {
            return new Link.Refused(ConnectPages.NotConfigured());
        }

        return await subject.GetAsync(connectionId, issuer) is { } snapshot
            ? new Link.Good(snapshot, issuer, ticket)
            : new Link.Refused(ConnectPages.UnknownConnection());
    }

    private abstract record Link
    {
        internal sealed record Good(ConnectionSnapshot Snapshot, LinkIssuer Issuer, string Ticket) : Link
        {
            // A record prints its members; this one holds the ticket.
            public override string ToString() => $"{nameof(Good)} for {Snapshot.Connection.Id}";
        }

        internal sealed record Refused(IResult Page) : Link;
    }
}
