namespace ConfluenceGateway.Connections;

/// <summary>
/// Which grants of an app the token endpoint refused lately, with no success in between, as all replicas know it together.
/// </summary>
internal interface IRefusals
{
    /// <summary>Notes a refusal. Once there are enough of them they are kept until nothing is refused for a whole window.</summary>
    /// <param name="clientId">The app.</param>
    /// <param name="id">The connection whose grant was refused; it counts once, however often it is.</param>
    /// <param name="now">The time.</param>
    /// <param name="window">How long a refusal counts as long as there are not enough.</param>
    /// <param name="enough">How many there are at most.</param>
    /// <returns>Every refusal that counts, this one among them unless there were enough before.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach; it may or may not be noted.</exception>
    Task<IReadOnlyList<Refusal>> NoteAsync(string clientId, ConnectionId id, DateTimeOffset now, TimeSpan window, int enough);

    /// <summary>Somebody has seen to it that <paramref name="id"/> is dead: it counts on, and is not given back with the others.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    Task ConfirmAsync(string clientId, ConnectionId id);

    /// <summary>
    /// Forgets them all, since the app's grants are accepted. Nobody waits for it, and nothing tells when it fails: the next
    /// success makes up for it.
    /// </summary>
    void Forget(string clientId);
}

/// <summary>A grant that the token endpoint refused.</summary>
/// <param name="Id">Its connection.</param>
/// <param name="IsConfirmed">Whether an operator's refresh has shown the grant to be dead.</param>
internal sealed record Refusal(ConnectionId Id, bool IsConfirmed);
