using System.Text.Json;

namespace ConfluenceGateway.Connections;

/// <summary>What people edit of a connection, apart from its grant, so that an edit can never touch a token.</summary>
/// <param name="Id">Its name.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="SiteUrl">The site it is for, such as <c>https://acme.atlassian.net</c>: wanted before the first consent, known after it.</param>
/// <param name="CloudId">The site's id at Atlassian: pinned by an operator, or by the first consent.</param>
/// <param name="Paused">Whether an operator stopped its traffic.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record Connection(
    ConnectionId Id, string DisplayName, string? SiteUrl, string? CloudId, bool Paused, DateTimeOffset CreatedAt)
{
    /// <summary>Counts the edits of the record, from 1; a rotation is none.</summary>
    public long Revision { get; init; }

    /// <summary>What is done for its clients otherwise than the gateway's settings say.</summary>
    public CompatibilityChoices Compatibility { get; init; } = CompatibilityChoices.None;
}

/// <summary>A connection's own choices of the settings under <c>Compatibility</c>; null leaves one as the gateway has it.</summary>
/// <param name="RewriteLinks">Whether links in JSON answers are rewritten to the gateway.</param>
/// <param name="FollowMediaRedirects">Whether the gateway fetches what a download redirects to.</param>
/// <param name="V1">When operations that Atlassian removed from v1 are served by v2.</param>
public sealed record CompatibilityChoices(bool? RewriteLinks = null, bool? FollowMediaRedirects = null, V1Service? V1 = null)
{
    /// <summary>All as the gateway has it.</summary>
    public static CompatibilityChoices None { get; } = new();
}

/// <summary>When the gateway serves the operations that Atlassian removed from Confluence's v1 API by means of v2.</summary>
public enum V1Service
{
    /// <summary>When Atlassian answers 410 Gone, and for a while after that without asking it.</summary>
    Auto,

    /// <summary>Always; Atlassian's v1 is not asked.</summary>
    Always,

    /// <summary>Never: what Atlassian answers is the caller's.</summary>
    Off,
}

/// <summary>Whether a connection serves.</summary>
public enum ConnectionState
{
    /// <summary>Nobody consented yet.</summary>
    Pending,

    /// <summary>It serves.</summary>
    Active,

    /// <summary>The grant is dead: a person must consent again.</summary>
    ReauthRequired,

    /// <summary>An operator stopped it.</summary>
    Paused,
}

/// <summary>The names of the states.</summary>
internal static class ConnectionStates
{
    /// <summary>A state as it is shown, such as <c>reauth_required</c>.</summary>
    public static string Name(ConnectionState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}

/// <summary>A connection with its grant, read together.</summary>
internal sealed record ConnectionSnapshot(Connection Connection, Grant? Grant)
{
    /// <summary>What the two say together; an operator's pause comes first.</summary>
    public ConnectionState State => this switch
    {
        { Connection.Paused: true } => ConnectionState.Paused,
        { Grant: null } => ConnectionState.Pending,
        { Grant.Death: not null } => ConnectionState.ReauthRequired,
        _ => ConnectionState.Active,
    };
}
