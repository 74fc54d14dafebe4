namespace ConfluenceGateway.Chaos.Accounts;

/// <summary>What became of one connection.</summary>
/// <param name="ConnectionId">The connection.</param>
/// <param name="Alive">Whether its grant lives.</param>
/// <param name="Generation">What the store counts.</param>
/// <param name="Exchanges">Refreshes that gave new tokens, by the simulator's count.</param>
/// <param name="Rejected">Refreshes with a dead token.</param>
/// <param name="MaxInFlight">The most refreshes there were at once.</param>
internal sealed record ConnectionAccount(string ConnectionId, bool Alive, long Generation, long Exchanges, long Rejected, long MaxInFlight)
{
    /// <summary>Exchanges beyond one for each generation after the consent's own: pairs that were exchanged once more.</summary>
    public long Surplus => Exchanges - (Generation - 1);
}
