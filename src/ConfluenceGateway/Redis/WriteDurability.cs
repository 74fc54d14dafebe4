using System.Globalization;

namespace ConfluenceGateway.Redis;

/// <summary>What a write must have reached before it counts as stored: <c>Redis:Durability</c>.</summary>
internal abstract record WriteDurability
{
    /// <summary>The most replicas that can be asked for.</summary>
    private const int MaxReplicas = 16;

    private WriteDurability()
    {
    }

    /// <summary>Reads <c>none</c>, <c>replicas:N</c> with N from 1 to 16, or <c>aof</c>; null for anything else.</summary>
    public static WriteDurability? TryParse(string text) => text.Split(':') switch
    {
        ["none"] => new None(),
        ["aof"] => new Aof(),
        ["replicas", var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MaxReplicas => new Replicas(number),
        _ => null,
    };

    /// <summary>Reads a setting that was checked at start.</summary>
    public static WriteDurability Parse(string text) => TryParse(text) ?? throw new FormatException($"'{text}' is no durability.");

    /// <summary>The memory of the server that answered.</summary>
    public sealed record None : WriteDurability;

    /// <summary>The memory of <paramref name="Count"/> replicas.</summary>
    public sealed record Replicas(int Count) : WriteDurability;

    /// <summary>The append-only file of the server that answered, synced to disk.</summary>
    public sealed record Aof : WriteDurability;
}
