using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin.Pages;

/// <summary>Why a connection is as it is, and what to do, in plain words.</summary>
/// <param name="What">What happened.</param>
/// <param name="ToDo">What an operator does about it.</param>
internal sealed record Explanation(string What, string ToDo)
{
    /// <summary>Explains a connection.</summary>
    public static Explanation Of(ConnectionView connection) => connection.State switch
    {
        ConnectionState.Pending => new("Nobody has consented yet, so there is no grant to serve with.", "Make a link, and open it or send it to the person whose account the apps shall use."),
        ConnectionState.Paused => new("An operator stopped its traffic. Apps get 403. Its grant is kept alive all the same.", "Resume it when its apps may work again."),
        ConnectionState.Active => new("It serves. Its tokens are refreshed before they end, whether apps call or not.", "There is nothing to do."),
        _ => Of(connection.Reason ?? ReauthReason.Revoked),
    };

    /// <summary>A reason in a few words, for a list.</summary>
    public static string Short(ReauthReason reason) => reason switch
    {
        ReauthReason.Revoked => "access was revoked",
        ReauthReason.Inactive => "not used for 90 days",
        ReauthReason.ConsentExpired => "the consent is a year old",
        ReauthReason.RotationLost => "a refreshed token was lost",
        ReauthReason.Replayed => "another program used the token",
        ReauthReason.SiteLost => "the account lost the site",
        _ => "made for another app",
    };

    private static Explanation Of(ReauthReason reason) => reason switch
    {
        ReauthReason.Revoked => new(
            "Atlassian says the grant is no longer valid. Most likely the person or an administrator removed the app's access, or the person's password was changed.",
            SendLink),
        ReauthReason.Inactive => new("The grant was not refreshed for 90 days, and Atlassian ends those. The gateway refreshes long before, so it, or this connection's store, was out of work for that long.", SendLink),
        ReauthReason.ConsentExpired => new("The consent is older than a year, and Atlassian ends those whatever the traffic.", SendLink),
        ReauthReason.RotationLost => new(
            "A refresh was sent, and its answer never came back: Atlassian replaced the token, and the new one is lost. This happens when the network or the gateway fails at just that moment for more than ten minutes.",
            SendLink),
        ReauthReason.Replayed => new(
            "The imported refresh token was used by somebody else after the gateway had taken it over, and Atlassian ends a grant for that.",
            "Stop the program that still holds the old token. Then make a link, and send it to the person."),
        ReauthReason.SiteLost => new(
            "The grant lives, and no longer reaches the connection's site: the account lost its access to the site, or the site moved.",
            "Give the account access to the site again, or make a link by which another account consents."),
        _ => new(
            "The grant was given to another app than the one this gateway is configured with. Only that app can refresh it.",
            "Configure the client id that it was given to, and it serves again; or make a link by which a person consents anew."),
    };

    private const string SendLink = "Make a link, and send it to the person whose account the apps use. One consent, and everything works again.";
}
