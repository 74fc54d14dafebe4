using System.Text.Json;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>Reads a grant from its hash in Redis.</summary>
/// <remarks>
/// <code>
/// generation, fingerprint, ciphertext, obtained_at, expires_at   the newest pair
/// origin_spent, origin_attempt                                   the exchange that gave it; none after a consent
/// client_id, account_id, consented_at, imported, after_rejection where it came from
/// attempts                                                       exchanges begun on this record
/// intent_attempt, intent_replica, intent_started_at, intent_deadline, intent_unanswered_since
///                                                                an exchange under way or never answered
/// failures, next_attempt_at                                      the rest after failures
/// inactivity_told, consent_told                                  the last milestone told of each end, in days before it
/// state, reason, evidence, since                                 active, or reauth_required and why
/// </code>
/// Times are milliseconds since 1970.
/// </remarks>
internal static class GrantRecord
{
    /// <summary>The fields of an intent, of a rest and of what was told of the pair's end, which every new pair removes; for a script.</summary>
    public const string Passing =
        "'intent_attempt', 'intent_replica', 'intent_started_at', 'intent_deadline', 'intent_unanswered_since', 'failures', 'next_attempt_at', 'reason', 'evidence', 'since', 'inactivity_told'";

    /// <summary>Reads a grant; null when there is none.</summary>
    /// <exception cref="Redis.KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring cannot read it.</exception>
    public static Grant? Decode(ConnectionId id, HashEntry[] entries, GrantProtection protection)
    {
        if (entries.Length == 0)
        {
            return null;
        }

        var fields = entries.ToDictionary(entry => entry.Name.ToString(), entry => entry.Value, StringComparer.Ordinal);
        return new Grant(
            (long)fields["generation"],
            protection.Unprotect(id.Value, fields["ciphertext"]!, Time(fields["obtained_at"]), Time(fields["expires_at"])),
            fields["client_id"].ToString(),
            fields["account_id"].ToString() is { Length: > 0 } account ? account : null,
            Time(fields["consented_at"]),
            fields.TryGetValue("after_rejection", out var afterRejection) && afterRejection == 1,
            fields["state"] == "reauth_required"
                ? new GrantDeath(Reason(fields["reason"].ToString()), fields["evidence"].ToString(), Time(fields["since"]))
                : null)
        {
            IsImported = fields.TryGetValue("imported", out var imported) && imported == 1,
            Origin = fields.TryGetValue("origin_spent", out var spent) ? new Exchange(spent.ToString(), (long)fields["origin_attempt"]) : null,
            Attempts = fields.TryGetValue("attempts", out var attempts) ? (long)attempts : 0,
            Intent = fields.TryGetValue("intent_attempt", out var attempt)
                ? new Intent(
                    (long)attempt, fields["intent_replica"].ToString(), Time(fields["intent_started_at"]), Time(fields["intent_deadline"]),
                    fields.TryGetValue("intent_unanswered_since", out var unanswered) ? Time(unanswered) : null)
                : null,
            Rest = fields.TryGetValue("next_attempt_at", out var until) ? new Rest((int)fields["failures"], Time(until)) : null,
        };
    }

    /// <summary>A reason as it is shown and stored, such as <c>consent_expired</c>.</summary>
    public static string Name(ReauthReason reason) => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString());

    /// <summary>A time as it is stored.</summary>
    public static RedisValue Value(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    /// <summary>A reason from its stored name.</summary>
    public static ReauthReason Reason(string name) => Enum.GetValues<ReauthReason>().First(reason => Name(reason) == name);

    /// <summary>A time from how it is stored.</summary>
    public static DateTimeOffset Time(RedisValue milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);
}
