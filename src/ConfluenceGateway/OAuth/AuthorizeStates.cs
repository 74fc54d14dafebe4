using System.Text.Json;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;

namespace ConfluenceGateway.OAuth;

/// <summary>The authorize requests in flight. A state (RFC 6749 section 10.12) works once, for ten minutes, in any replica.</summary>
internal sealed class AuthorizeStates(RedisConnection redis, RedisKeys keys)
{
    /// <summary>How long a person may take to consent.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    /// <summary>Notes <paramref name="request"/> and gives the state to send along.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<Secret> CreateAsync(ConnectRequest request)
    {
        var state = Secret.Random("cgws_");
        await StoreUnavailableException.GuardAsync(() =>
            redis.Database.StringSetAsync(keys.State(state.Fingerprint), JsonSerializer.Serialize(request), Life));
        return state;
    }

    /// <summary>What <paramref name="state"/> was made for; null when it is unknown, old or used. It is used now.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public async Task<ConnectRequest?> TakeAsync(string? state)
    {
        if (string.IsNullOrEmpty(state))
        {
            return null;
        }

        var stored = await StoreUnavailableException.GuardAsync(() => redis.Database.StringGetDeleteAsync(keys.State(Secret.FingerprintOf(state))));
        return stored.IsNull ? null : JsonSerializer.Deserialize<ConnectRequest>(stored.ToString());
    }
}

/// <summary>Who wants to connect what.</summary>
/// <param name="Id">The connection's id.</param>
/// <param name="Issuer">Who handed out the link.</param>
/// <param name="Browser">The fingerprint of the browser's cookie.</param>
internal sealed record ConnectRequest(string Id, LinkIssuer Issuer, string Browser)
{
    /// <summary>The connection's id, which was checked when the request was made.</summary>
    public ConnectionId ConnectionId => ConnectionId.Parse(Id, null);
}
