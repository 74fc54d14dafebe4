using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>Runs a theory against every <see cref="StoreKind"/>. Without a real Redis its row is skipped by name, except in CI, where it must be there.</summary>
public sealed class EveryStoreAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        var redis = new TheoryDataRow<StoreKind>(StoreKind.Redis);
        if (Stores.NoRedis is not null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            redis.Skip = Stores.NoRedis;
        }

        return new([new TheoryDataRow<StoreKind>(StoreKind.Embedded), redis]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
