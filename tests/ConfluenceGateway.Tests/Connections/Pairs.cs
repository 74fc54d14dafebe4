using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>Makes token pairs.</summary>
internal static class Pairs
{
    /// <summary>A fresh pair around <paramref name="refreshToken"/>.</summary>
    public static TokenPair Of(string refreshToken)
    {
        var now = TimeProvider.System.GetUtcNow();
        return new TokenPair(new Secret("access of " + refreshToken), new Secret(refreshToken), now, now.AddHours(1));
    }
}
