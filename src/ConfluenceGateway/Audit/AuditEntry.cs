using System.Globalization;
using System.Text.Json.Nodes;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Audit;

/// <summary>Something that somebody did, or that happened.</summary>
/// <param name="Id">Tells it from all others; ids are in the order of time.</param>
/// <param name="At">When.</param>
/// <param name="Actor">Who: an operator by name, a person by Atlassian account, or <see cref="Gateway"/>.</param>
/// <param name="Action">What, such as <c>connection.pause</c> for what an operator did and <c>connection.paused</c> for what came of it.</param>
/// <param name="Subject">To what: a connection, a key, an endpoint; null when to the gateway.</param>
/// <param name="Outcome"><see cref="Done"/>, or the name of the problem.</param>
/// <param name="Address">From where, when over HTTP.</param>
/// <param name="Replica">Which replica noticed.</param>
/// <param name="Data">What belongs to it; never a secret.</param>
public sealed record AuditEntry(
    string Id, DateTimeOffset At, string Actor, string Action, string? Subject, string Outcome, string? Address, string? Replica, JsonObject? Data)
{
    /// <summary>The actor of what nobody asked for.</summary>
    public const string Gateway = "gateway";

    /// <summary>The outcome of what was done.</summary>
    public const string Done = "done";

    private const string Prefix = "aud_";

    /// <summary>The id of something that happens at <paramref name="at"/>.</summary>
    public static string NewId(DateTimeOffset at) => TimeOrderedId.New(Prefix, at);

    /// <summary>The id of the entry of an event, always the same for one event.</summary>
    public static string IdOf(string eventId) => Prefix + eventId[(eventId.IndexOf('_') + 1)..];

    /// <summary>When what has the id happened, in milliseconds since 1970; null when it is no id. RFC 9562 section 5.7: the first 48 bits.</summary>
    public static long? MomentOf(string id) =>
        id.Length == Prefix.Length + 32 && id.StartsWith(Prefix, StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(Prefix.Length, 12), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var moment) ? moment : null;
}

/// <summary>Which entries somebody wants to see.</summary>
/// <param name="Action">Those of this action, or of all that begin with it when it ends with a dot.</param>
/// <param name="Subject">Those about this.</param>
/// <param name="Actor">Those by this actor.</param>
/// <param name="From">Those from this moment on.</param>
/// <param name="Until">Those before this moment.</param>
internal sealed record AuditFilter(string? Action, string? Subject, string? Actor, DateTimeOffset? From, DateTimeOffset? Until)
{
    /// <summary>Whether <paramref name="entry"/> is wanted.</summary>
    public bool Wants(AuditEntry entry) =>
        (Action is null || (Action.EndsWith('.') ? entry.Action.StartsWith(Action, StringComparison.Ordinal) : entry.Action == Action))
        && (Subject is null || entry.Subject == Subject)
        && (Actor is null || entry.Actor == Actor)
        && (From is null || entry.At >= From)
        && (Until is null || entry.At < Until);
}
