namespace ConfluenceGateway.Connections;

/// <summary>
/// What the refresh protocol asks of a store. Every write that follows from a refresh compares the fingerprint of the token
/// that was spent and sets only if it is still the stored one.
/// </summary>
internal interface IGrantStore
{
    /// <summary>Reads a connection with its grant; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">The store or the key ring is out of reach.</exception>
    Task<ConnectionSnapshot?> ReadAsync(ConnectionId id);

    /// <summary>Notes that the refresh token of <paramref name="seen"/> is about to be sent. It also proves that the store takes writes.</summary>
    /// <returns>Whether it was noted; false when the record is no longer the one that was seen.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach; the note may or may not be there, and nothing was sent.</exception>
    Task<bool> BeginAsync(ConnectionId id, Grant seen, Intent intent);

    /// <summary>Ends an exchange that brought nothing, and makes every replica rest.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="spent">The token that was sent, or was to be.</param>
    /// <param name="ended">The intent. With <see cref="Intent.UnansweredSince"/> it stays as the mark that the token may be spent; without, it goes.</param>
    /// <param name="rest">The rest.</param>
    /// <returns>Whether the intent was still there.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    Task<bool> EndAsync(ConnectionId id, Secret spent, Intent ended, Rest rest);

    /// <summary>Stores the pair that an exchange gave.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="exchange">The exchange.</param>
    /// <param name="pair">What it gave.</param>
    /// <param name="afterRejection">Whether the upstream had rejected the pair before.</param>
    /// <param name="yields">
    /// Whether it gives way to a later exchange of the same token that has no answer yet; <see cref="ReuseInterval.LeavesTimeAfter"/> says why.
    /// </param>
    /// <returns>The new generation, or null when another pair is stored in the meantime, or none.</returns>
    /// <exception cref="StoreUnavailableException">The store or the key ring is out of reach; the pair may or may not be stored.</exception>
    Task<long?> CommitAsync(ConnectionId id, Exchange exchange, TokenPair pair, bool afterRejection, bool yields = false);

    /// <summary>Notes that the grant is dead, if <paramref name="rejected"/> is still its refresh token and nobody else is exchanging it.</summary>
    /// <returns>Whether it was noted.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    Task<bool> MarkDeadAsync(ConnectionId id, Secret rejected, long attempt, GrantDeath death);

    /// <summary>Takes a death back that turned out to be none, if the refresh token and the death are still those.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="refused">The stored refresh token.</param>
    /// <param name="since">When the grant was marked.</param>
    /// <param name="now">The time.</param>
    /// <returns>Whether it was taken back.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    Task<bool> ReviveAsync(ConnectionId id, Secret refused, DateTimeOffset since, DateTimeOffset now);

    /// <summary>Writes a grant back that the store has forgotten, if the store still has what was seen there.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="held">The grant that is newer than the stored one.</param>
    /// <param name="seen">The stored one; null when there is none.</param>
    /// <returns>Whether it was written.</returns>
    /// <exception cref="StoreUnavailableException">The store or the key ring is out of reach; it may or may not be written.</exception>
    Task<bool> RestoreAsync(ConnectionId id, Grant held, Grant? seen);
}
