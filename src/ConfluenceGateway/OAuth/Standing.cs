using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.OAuth;

/// <summary>How a connection stands before a consent, in the words of the person who is asked for one.</summary>
/// <param name="Kind">How it is to be taken.</param>
/// <param name="Title">What the page is for.</param>
/// <param name="Why">Why somebody is asked.</param>
/// <param name="Since">Since when it does not serve; null when it serves, never did, or nobody noted it.</param>
public sealed record Standing(StatusKind Kind, string Title, string Why, DateTimeOffset? Since)
{
    /// <summary>The standing of a connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="grant">Its grant, when there is one.</param>
    /// <param name="death">Why the grant does not serve; null when it does.</param>
    internal static Standing Of(Connection connection, Grant? grant, GrantDeath? death) => (grant, death) switch
    {
        (null, _) => new(StatusKind.Neutral, $"Connect {connection.DisplayName} to Confluence",
            "Nobody has connected it yet, so the apps that use it cannot reach Confluence.", null),
        (_, null) => new(StatusKind.Good, $"{connection.DisplayName} is connected",
            "Its consent is good, and nothing needs to be done. If you go on, yours takes its place.", null),
        _ => new(StatusKind.Attention, $"Reconnect {connection.DisplayName} to Confluence", Reason(connection, death!.Reason), death.Since),
    };

    private static string Reason(Connection connection, ReauthReason reason) => reason switch
    {
        ReauthReason.Revoked => "Atlassian no longer accepts the consent that was given: somebody took it back, or the account was changed or closed.",
        ReauthReason.Inactive => "It was not used for more than 90 days, after which Atlassian ends a consent.",
        ReauthReason.ConsentExpired => "The consent is more than a year old, after which Atlassian ends it.",
        ReauthReason.RotationLost => "An answer of Atlassian was lost on its way, and the access with it. Nobody did anything wrong.",
        ReauthReason.Replayed => "The access was taken over from another program that most likely still uses it, so Atlassian ended it for both. See that the other program is stopped first.",
        ReauthReason.SiteLost => $"The consent still stands but no longer includes {connection.SiteUrl ?? "the site of this connection"}.",
        ReauthReason.WrongApp => "Confluence Gateway is registered with Atlassian as another app than before, and that one needs a consent of its own.",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "Reasons are a closed set."),
    };
}
