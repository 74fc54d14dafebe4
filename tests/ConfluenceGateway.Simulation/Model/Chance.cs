namespace ConfluenceGateway.Simulation.Model;

/// <summary>What a seed decides.</summary>
internal static class Chance
{
    /// <summary>True with a probability from 0 to 1.</summary>
    public static bool Happens(this Random random, double probability) => probability > 0 && random.NextDouble() < probability;

    /// <summary>A duration between the two, in seconds.</summary>
    public static TimeSpan Between(this Random random, double from, double to) => TimeSpan.FromSeconds(from + (to - from) * random.NextDouble());

    /// <summary>One of <paramref name="values"/>.</summary>
    public static T Pick<T>(this Random random, params ReadOnlySpan<T> values) => values[random.Next(values.Length)];
}
