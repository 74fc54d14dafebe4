using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Connections;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// R11: people do not take their consents back by the dozen within minutes. When the token endpoint refuses the grants of
/// many connections and accepts none in between, the app is held to be at fault: nobody stays marked, and the circuit opens.
/// </summary>
internal sealed partial class RefusalGuard(
    IRefusals refusals, IGrantStore grants, ConfigurationCircuit circuit, IOptions<RefreshOptions> options, TimeProvider time,
    ILogger<RefusalGuard> logger)
{
    /// <summary>The token endpoint gave a pair to the app: whatever it refused before it refused for a reason of its own.</summary>
    public void Accepted(string clientId)
    {
        circuit.Close();
        refusals.Forget(clientId);
    }

    /// <summary>
    /// The token endpoint refused a grant. To be asked before the grant is marked, and again after it: of several that are
    /// refused at once, each may be counted before the others are.
    /// </summary>
    /// <param name="refused">The connection.</param>
    /// <param name="answer">The token endpoint's words.</param>
    /// <param name="trigger">What the exchange was for. An operator's is to find out about this one grant, and is believed.</param>
    /// <returns>Why the app is at fault; null when the grant is.</returns>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    public async Task<string?> SuspectAppAsync(ConnectionSnapshot refused, string answer, RefreshTrigger trigger)
    {
        var (enough, window, clientId) = (options.Value.MassRefusals, options.Value.MassRefusalWindow, refused.Grant!.ClientId);
        if (enough > 0 && trigger == RefreshTrigger.Operator)
        {
            await refusals.ConfirmAsync(clientId, refused.Connection.Id);
        }
        else if (enough > 0)
        {
            var now = time.GetUtcNow();
            var all = await refusals.NoteAsync(clientId, refused.Connection.Id, now, window, enough);
            if (all.Count >= enough || circuit.IsOpenForGrants)
            {
                var evidence = all.Count < enough && circuit.Evidence is { } before
                    ? before
                    : $"the grants of {all.Count} connections or more were refused within {window:c} and none was accepted since; the last answer: {answer}";
                circuit.Open(evidence, forGrants: true);
                await ReviveAsync(all, now - window);
                return evidence;
            }
        }

        if (!circuit.IsOpenForGrants)
        {
            // Who judges a grant has accepted the app.
            circuit.Close();
        }

        return null;
    }

    /// <summary>Takes back the marks of this wave. What was marked earlier was marked on its own.</summary>
    private async Task ReviveAsync(IReadOnlyList<Refusal> all, DateTimeOffset begin)
    {
        foreach (var id in all.Where(refusal => !refusal.IsConfirmed).Select(refusal => refusal.Id))
        {
            if (await grants.ReadAsync(id) is { Grant: { Death.Since: { } since } grant } && since >= begin
                && await grants.ReviveAsync(id, grant.Pair.RefreshToken, since, time.GetUtcNow()))
            {
                Log.Revived(logger, id);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Id} is no longer held to be dead: too many are refused at once.")]
        public static partial void Revived(ILogger logger, ConnectionId id);
    }
}
