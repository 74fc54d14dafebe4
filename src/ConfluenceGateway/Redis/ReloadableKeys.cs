using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Data Protection's key manager, which can be told that the ring may have grown. By itself Data Protection looks once a day, and
/// until then cannot read what another replica encrypted with a key that it made since.
/// </summary>
internal sealed class ReloadableKeys(XmlKeyManager keys) : IKeyManager, IDisposable
{
    private readonly Lock _replacing = new();
    private CancellationTokenSource _current = After(keys);

    /// <summary>Has the ring read anew at its next use. What is asked meanwhile is answered by the ring as it was.</summary>
    public void Reload()
    {
        lock (_replacing)
        {
            using var before = _current;
            _current = After(keys);
            before.Cancel();
        }
    }

    /// <inheritdoc />
    public CancellationToken GetCacheExpirationToken()
    {
        lock (_replacing)
        {
            // Ended by Data Protection itself, which does so when it has made a key.
            if (_current.IsCancellationRequested)
            {
                _current.Dispose();
                _current = After(keys);
            }

            return _current.Token;
        }
    }

    /// <inheritdoc />
    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    /// <inheritdoc />
    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => keys.CreateNewKey(activationDate, expirationDate);

    /// <inheritdoc />
    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);

    /// <inheritdoc />
    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    /// <inheritdoc />
    public void Dispose() => _current.Dispose();

    private static CancellationTokenSource After(XmlKeyManager keys) => CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken());
}
