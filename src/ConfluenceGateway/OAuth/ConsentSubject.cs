using System.Security.Cryptography;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.OAuth;

/// <summary>
/// Reads the connection that a consent is for. A grant that no key opens any more is none: by a link of an operator, who may change
/// the account too, a consent takes its place.
/// </summary>
internal sealed class ConsentSubject(ConnectionCache connections, ConnectionStore store)
{
    /// <summary>As the store has it now; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public Task<ConnectionSnapshot?> ReadAsync(ConnectionId id, LinkIssuer issuer) => WithoutUnreadableAsync(() => connections.ReadAsync(id), id, issuer);

    /// <summary>As this replica knows it; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">It is not known here and the store is out of reach.</exception>
    public Task<ConnectionSnapshot?> GetAsync(ConnectionId id, LinkIssuer issuer) => WithoutUnreadableAsync(() => connections.GetAsync(id).AsTask(), id, issuer);

    private async Task<ConnectionSnapshot?> WithoutUnreadableAsync(Func<Task<ConnectionSnapshot?>> readAsync, ConnectionId id, LinkIssuer issuer)
    {
        try
        {
            return await readAsync();
        }
        catch (StoreUnavailableException exception) when (exception.InnerException is CryptographicException && issuer == LinkIssuer.Operator)
        {
            return await store.ReadWithoutGrantAsync(id);
        }
    }
}
