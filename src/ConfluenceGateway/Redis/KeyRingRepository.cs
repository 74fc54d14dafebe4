using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Where the key ring lies. It takes a new key only once this replica has shown that it can read the ring: Data Protection
/// answers a ring that it cannot read, wrapped by another certificate, with a key of its own, which no other replica can read.
/// </summary>
internal sealed class KeyRingRepository(RedisConnection redis, RedisKeys keys) : IXmlRepository
{
    private readonly RedisXmlRepository _redis = new(() => redis.Database, keys.KeyRing);
    private volatile bool _newKeysAllowed;

    /// <summary>The ring can be read: from now on it may grow.</summary>
    public void AllowNewKeys() => _newKeysAllowed = true;

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements() => _redis.GetAllElements();

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        if (!_newKeysAllowed)
        {
            throw new InvalidOperationException("The key ring has not been looked at yet, so it takes no new key.");
        }

        _redis.StoreElement(element, friendlyName);
    }
}
