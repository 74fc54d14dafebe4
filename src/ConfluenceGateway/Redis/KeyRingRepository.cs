using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.StackExchangeRedis;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Where the key ring lies. It takes a new key only once this replica has shown that it can read the ring: Data Protection
/// answers a ring that it cannot read, wrapped by another certificate, with a key of its own, which no other replica can read.
/// </summary>
/// <remarks>
/// A ring that was read does not shrink here. Should Redis lose it, or be away, what this replica holds goes on serving, and no new
/// ring grows in the place of the one that a backup may bring back; the self-audit tells.
/// </remarks>
internal sealed class KeyRingRepository(RedisConnection redis, RedisKeys keys) : IXmlRepository
{
    private readonly RedisXmlRepository _redis = new(() => redis.Database, keys.KeyRing);
    private volatile bool _newKeysAllowed;
    private volatile IReadOnlyCollection<XElement>? _held;

    /// <summary>The ring can be read: from now on it may grow.</summary>
    public void AllowNewKeys() => _newKeysAllowed = true;

    /// <inheritdoc />
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var held = _held;
        try
        {
            var read = WithoutCopies(_redis.GetAllElements());
            if (held is not null && !IdsOf(held).IsSubsetOf(IdsOf(read)))
            {
                return held;
            }

            // What may be unreadable is not held on to.
            _held = _newKeysAllowed ? read : null;
            return read;
        }
        catch (Exception exception) when (held is not null && RedisConnection.IsUnavailable(exception))
        {
            return held;
        }
    }

    /// <inheritdoc />
    public void StoreElement(XElement element, string friendlyName)
    {
        if (!_newKeysAllowed)
        {
            throw new InvalidOperationException("The key ring has not been looked at yet, so it takes no new key.");
        }

        _redis.StoreElement(element, friendlyName);
    }

    // A backup brings back keys that are still there too, and Data Protection refuses a ring that has one twice.
    private static IReadOnlyCollection<XElement> WithoutCopies(IReadOnlyCollection<XElement> elements) =>
        [.. elements.DistinctBy(element => IdOf(element) ?? (object)element)];

    private static HashSet<string> IdsOf(IReadOnlyCollection<XElement> elements) => [.. elements.Select(IdOf).OfType<string>()];

    // A revocation has none.
    private static string? IdOf(XElement element) => element.Attribute("id")?.Value;
}
