using System.Collections.Concurrent;
using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.OAuth;

/// <summary>A consent page that is being shown.</summary>
internal sealed record ConsentTransaction(AuthorizeRequest.Valid Request, Account Account, DateTimeOffset ExpiresAt);

/// <summary>The consent pages being shown; the single-use id in the form is what keeps another site from posting it.</summary>
internal sealed class ConsentTransactions(SimulatorClock clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, ConsentTransaction> _open = new(StringComparer.Ordinal);

    public string Open(AuthorizeRequest.Valid request, Account account)
    {
        var id = TokenSigner.Random(24);
        _open[id] = new ConsentTransaction(request, account, clock.GetUtcNow() + Lifetime);
        return id;
    }

    /// <summary>Takes the transaction; the second time there is none.</summary>
    public ConsentTransaction? Take(string? id) =>
        id is not null && _open.TryRemove(id, out var transaction) && transaction.ExpiresAt > clock.GetUtcNow() ? transaction : null;
}
