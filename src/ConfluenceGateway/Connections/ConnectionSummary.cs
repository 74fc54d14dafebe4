using ConfluenceGateway.Redis;
using StackExchange.Redis;

namespace ConfluenceGateway.Connections;

/// <summary>What lists, filters and counts need of a connection: nothing of it is secret, and nothing has to be decrypted.</summary>
/// <param name="Id">Its name.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="SiteUrl">Its site.</param>
/// <param name="CloudId">Its site's id.</param>
/// <param name="State">Whether it serves, as it is stored.</param>
/// <param name="Reason">Why a person must consent again.</param>
/// <param name="Since">Since when.</param>
/// <param name="ClientId">The app its grant was given to; null while there is no grant.</param>
/// <param name="InactiveAt">When the grant ends unless it is refreshed; null when it is dead.</param>
/// <param name="ConsentExpiresAt">When the grant ends unless somebody consents again; null when it is dead.</param>
internal sealed record ConnectionSummary(
    string Id, string DisplayName, string? SiteUrl, string? CloudId, ConnectionState State, ReauthReason? Reason, DateTimeOffset? Since, string? ClientId,
    DateTimeOffset? InactiveAt, DateTimeOffset? ConsentExpiresAt)
{
    /// <summary>When Atlassian ends the grant unless somebody does something: keep-alive sees to the inactivity, and only a person to the consent.</summary>
    public DateTimeOffset? EndsAt => InactiveAt < ConsentExpiresAt ? InactiveAt : ConsentExpiresAt;

    private static readonly RedisValue[] ConnectionFields = ["created_at", "display_name", "site_url", "cloud_id", "paused"];
    private static readonly RedisValue[] GrantFields = ["state", "reason", "since", "client_id", "obtained_at", "consented_at"];

    /// <summary>Reads one; null when there is no such connection.</summary>
    public static async Task<ConnectionSummary?> ReadAsync(IDatabase database, RedisKeys keys, string id)
    {
        var ofConnection = database.HashGetAsync(keys.Connection(id), ConnectionFields);
        var ofGrant = database.HashGetAsync(keys.Grant(id), GrantFields);
        return await ofConnection is not [{ IsNull: false }, var displayName, var siteUrl, var cloudId, var paused]
            || await ofGrant is not [var state, var reason, var since, var clientId, var obtainedAt, var consentedAt]
            ? null
            : Of(id, displayName, siteUrl, cloudId, paused == 1, state, reason, since, clientId, obtainedAt, consentedAt);
    }

    private static ConnectionSummary Of(
        string id, RedisValue displayName, RedisValue siteUrl, RedisValue cloudId, bool paused,
        RedisValue state, RedisValue reason, RedisValue since, RedisValue clientId, RedisValue obtainedAt, RedisValue consentedAt)
    {
        var isDead = state == "reauth_required";
        var lives = !state.IsNull && !isDead;
        return new ConnectionSummary(
            id,
            displayName is { IsNull: false } name && name != "" ? name.ToString() : id,
            // A few sites have most of the connections.
            Shared(siteUrl), Shared(cloudId),
            paused ? ConnectionState.Paused : state.IsNull ? ConnectionState.Pending : isDead ? ConnectionState.ReauthRequired : ConnectionState.Active,
            isDead ? GrantRecord.Reason(reason.ToString()) : null, isDead ? GrantRecord.Time(since) : null, Shared(clientId),
            lives ? GrantRecord.Time(obtainedAt) + Grant.InactivityLimit : null, lives ? GrantRecord.Time(consentedAt) + Grant.ConsentLimit : null);
    }

    private static string? Shared(RedisValue value) => value.IsNull ? null : string.Intern(value.ToString());
}
