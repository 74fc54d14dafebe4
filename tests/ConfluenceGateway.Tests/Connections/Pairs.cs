using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>Makes token pairs.</summary>
internal static class Pairs
{
    /// <summary>A fresh pair around <paramref name="refreshToken"/>.</summary>
    public static TokenPair Of(string refreshToken) => Of(refreshToken, TimeProvider.System.GetUtcNow());

    /// <summary>A pair around <paramref name="refreshToken"/> that was obtained then.</summary>
    public static TokenPair Of(string refreshToken, DateTimeOffset obtainedAt) =>
        new(new Secret("access of " + refreshToken), new Secret(refreshToken), obtainedAt, obtainedAt.AddHours(1));
}
