using System.ComponentModel.DataAnnotations;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>The Redis that replicas share, or none for the embedded store.</summary>
internal sealed class RedisOptions : IValidatableObject
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Redis";

    /// <summary>A StackExchange.Redis connection string, such as <c>redis:6379,password=…</c>. Empty: the embedded store.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>A file that holds <see cref="ConnectionString"/>.</summary>
    public string ConnectionStringFile { get; set; } = "";

    /// <summary>Connection strings of independent Redis nodes for RedLock; an odd number of them. Empty: the same Redis.</summary>
    public string[] LockEndpoints { get; set; } = [];

    /// <summary>What every key begins with.</summary>
    [RegularExpression("^[A-Za-z0-9:._-]{1,64}$", ErrorMessage = "must be 1 to 64 letters, digits or the characters : . _ -")]
    public string KeyPrefix { get; set; } = "cgw:";

    /// <summary>What a write must have reached before it counts as stored: <c>none</c>, <c>replicas:N</c> with N from 1 to 16, or <c>aof</c>.</summary>
    public string Durability { get; set; } = "none";

    /// <summary>Whether the store runs inside this process.</summary>
    public bool Embedded => ConnectionString.Length == 0;

    /// <inheritdoc />
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Embedded && !Parses(ConnectionString))
        {
            // The value is not shown: it may hold a password.
            yield return new ValidationResult("is no StackExchange.Redis connection string. Write host:port,option=value,…", [nameof(ConnectionString)]);
        }

        if (LockEndpoints.Length > 0 && Embedded)
        {
            yield return new ValidationResult("needs a shared Redis. Set Redis:ConnectionString, or remove the lock endpoints.", [nameof(LockEndpoints)]);
        }

        if (LockEndpoints.Length > 0 && LockEndpoints.Length % 2 == 0)
        {
            yield return new ValidationResult("must name an odd number of nodes, so that a majority exists.", [nameof(LockEndpoints)]);
        }

        if (WriteDurability.TryParse(Durability) is not { } durability)
        {
            yield return new ValidationResult($"'{Durability}' is not known. Write none, replicas:N with N from 1 to 16, or aof.", [nameof(Durability)]);
        }
        else if (Embedded && durability is not WriteDurability.None)
        {
            yield return new ValidationResult(
                "needs a Redis of its own; the embedded store is durable on disk anyway. Set Redis:ConnectionString, or leave this at none.", [nameof(Durability)]);
        }

        for (var index = 0; index < LockEndpoints.Length; index++)
        {
            if (!Parses(LockEndpoints[index]))
            {
                yield return new ValidationResult("is no StackExchange.Redis connection string. Write host:port,option=value,…", [$"{nameof(LockEndpoints)}:{index}"]);
            }
        }
    }

    private static bool Parses(string connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString).EndPoints.Count > 0;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
