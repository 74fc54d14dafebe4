using RedLockNet;

namespace ConfluenceGateway.Redis;

/// <summary>Locks between replicas. They save work and prove nothing: whoever writes under one compares and sets.</summary>
internal interface ILocks
{
    /// <summary>Tries once for <paramref name="resource"/>; null when another holds it, or when that cannot be told.</summary>
    /// <param name="resource">What is locked.</param>
    /// <param name="life">How long the lock outlives its holder; it is extended while the holder lives.</param>
    Task<IRedLock?> TryAcquireAsync(string resource, TimeSpan life);
}
