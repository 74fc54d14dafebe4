using System.Globalization;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Admin.Api;

/// <summary>Which connections somebody wants to see.</summary>
/// <param name="State">Those in this state.</param>
/// <param name="Reason">Those that need a person for this reason.</param>
/// <param name="Site">Those of this site, by its URL or cloud id.</param>
/// <param name="ExpiresBefore">Those whose grant Atlassian ends before this moment, by inactivity or by the age of the consent.</param>
/// <param name="Text">Those with this text in id, display name or site.</param>
internal sealed record ConnectionFilter(ConnectionState? State, ReauthReason? Reason, string? Site, DateTimeOffset? ExpiresBefore, string? Text)
{
    /// <summary>Reads a filter from a query; what is left out or empty filters nothing.</summary>
    /// <returns>The filter, or what is wrong with one of its parts.</returns>
    public static (ConnectionFilter? Filter, Problem? Problem) Parse(string? state, string? reason, string? site, string? expiresBefore, string? q)
    {
        if (!TryName(state, ConnectionStates.Name, out ConnectionState? wantedState))
        {
            return (null, AdminProblems.InvalidField("state", $"must be one of {string.Join(", ", Enum.GetValues<ConnectionState>().Select(ConnectionStates.Name))}."));
        }

        if (!TryName(reason, GrantRecord.Name, out ReauthReason? wantedReason))
        {
            return (null, AdminProblems.InvalidField("reason", $"must be one of {string.Join(", ", Enum.GetValues<ReauthReason>().Select(GrantRecord.Name))}."));
        }

        DateTimeOffset? before = null;
        if (!string.IsNullOrEmpty(expiresBefore))
        {
            if (!DateTimeOffset.TryParse(expiresBefore, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment))
            {
                return (null, AdminProblems.InvalidField("expiresBefore", "must be a date, or a time in ISO 8601, such as 2026-05-31 or 2026-05-31T09:00:00Z."));
            }

            before = moment;
        }

        return (new ConnectionFilter(wantedState, wantedReason, Given(site)?.TrimEnd('/'), before, Given(q)?.Trim()), null);
    }

    /// <summary>Whether <paramref name="summary"/> is wanted.</summary>
    public bool Wants(ConnectionSummary summary, AtlassianOptions app)
    {
        var standing = ReauthReasons.StandingOf(summary, app);
        return (State is null || standing.State == State)
            && (Reason is null || standing.Reason == Reason)
            && (Site is null || Same(summary.SiteUrl, Site) || Same(summary.CloudId, Site))
            && (ExpiresBefore is null || summary.InactiveAt < ExpiresBefore || summary.ConsentExpiresAt < ExpiresBefore)
            && (Text is null || Holds(summary.Id) || Holds(summary.DisplayName) || Holds(summary.SiteUrl));
    }

    private bool Holds(string? value) => value is not null && value.Contains(Text!, StringComparison.OrdinalIgnoreCase);

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static bool TryName<T>(string? text, Func<T, string> name, out T? value)
        where T : struct, Enum
    {
        value = string.IsNullOrEmpty(text) ? null : Enum.GetValues<T>().Cast<T?>().FirstOrDefault(known => name(known!.Value) == text);
        return value is not null || string.IsNullOrEmpty(text);
    }
}
