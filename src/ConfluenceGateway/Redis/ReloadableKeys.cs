using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Data Protection's key manager, which can be told that the ring may have grown. By itself Data Protection looks once a day, and
/// until then cannot read what another replica encrypted with a key that it made since.
/// </summary>
internal sealed class ReloadableKeys(XmlKeyManager keys) : IKeyManager, IDisposable
{
    private CancellationTokenSource _reload = new();

    /// <summary>Has the ring read anew at its next use. What is asked meanwhile is answered by the ring as it was.</summary>
    public void Reload()
    {
        using var reload = Interlocked.Exchange(ref _reload, new CancellationTokenSource());
        reload.Cancel();
    }

    /// <inheritdoc />
    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), Volatile.Read(ref _reload).Token).Token;

    /// <inheritdoc />
    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    /// <inheritdoc />
    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => keys.CreateNewKey(activationDate, expirationDate);

    /// <inheritdoc />
    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    /// <inheritdoc />
    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    /// <inheritdoc />
    public void Dispose() => _reload.Dispose();
}
