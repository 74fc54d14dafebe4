using System.Globalization;

namespace ConfluenceGateway.Chaos;

/// <summary>What a story's chance is drawn from: <c>CHAOS_SEED</c>, or a new one for each story. It is printed, to be given again.</summary>
internal static class Seed
{
    public static int Next() => Environment.GetEnvironmentVariable("CHAOS_SEED") is { Length: > 0 } given
        ? int.Parse(given, CultureInfo.InvariantCulture)
        : Random.Shared.Next();

    /// <summary>A duration between the two.</summary>
    public static TimeSpan Between(this Random random, double fromSeconds, double toSeconds) =>
        TimeSpan.FromSeconds(fromSeconds + random.NextDouble() * (toSeconds - fromSeconds));
}
