using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConfluenceGateway.Webhooks;

/// <summary>An event on its way to an endpoint.</summary>
/// <param name="Type">What happened.</param>
/// <param name="At">When it happened.</param>
/// <param name="Status">Whether it arrived.</param>
/// <param name="Attempts">How often it was sent, since it was queued or replayed.</param>
/// <param name="LastAttemptAt">When it was sent last.</param>
/// <param name="DurationMs">How long that took, in milliseconds.</param>
/// <param name="Answer">What came of it: the status that the receiver answered, or the kind of error.</param>
/// <param name="NextAttemptAt">When it is sent again; null before the first attempt and after the last.</param>
public sealed record Delivery(
    string Type, DateTimeOffset At, DeliveryStatus Status = DeliveryStatus.Waiting, int Attempts = 0,
    DateTimeOffset? LastAttemptAt = null, long? DurationMs = null, string? Answer = null, DateTimeOffset? NextAttemptAt = null)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The delivery after one more attempt.</summary>
    /// <param name="attempt">What became of it.</param>
    /// <param name="now">When it ended.</param>
    /// <param name="took">How long it took.</param>
    /// <param name="chance">From 0 to 1: the jitter of the next one.</param>
    internal Delivery After(Attempt attempt, DateTimeOffset now, TimeSpan took, double chance)
    {
        var tried = this with { Attempts = Attempts + 1, LastAttemptAt = now, DurationMs = (long)took.TotalMilliseconds };
        var (answer, asked) = attempt switch
        {
            Attempt.Delivered delivered => (delivered.Status.ToString(System.Globalization.CultureInfo.InvariantCulture), null),
            Attempt.Gone => ("410", null),
            Attempt.Failed failed => (failed.Answer, failed.RetryAfter),
            _ => throw new InvalidOperationException("An attempt cannot end otherwise."),
        };
        return attempt is Attempt.Delivered ? tried with { Status = DeliveryStatus.Delivered, Answer = answer, NextAttemptAt = null }
            : DeliverySchedule.Pause(tried.Attempts, asked, chance) is { } pause ? tried with { Answer = answer, NextAttemptAt = now + pause }
            : tried with { Status = DeliveryStatus.GivenUp, Answer = answer, NextAttemptAt = null };
    }

    /// <summary>As it is stored.</summary>
    public string Write() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads what <see cref="Write"/> made.</summary>
    public static Delivery Read(string stored) => JsonSerializer.Deserialize<Delivery>(stored, Json)!;
}

/// <summary>Whether an event arrived.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DeliveryStatus>))]
public enum DeliveryStatus
{
    /// <summary>It will be sent, or sent again.</summary>
    Waiting,

    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>The last attempt failed too.</summary>
    GivenUp,
}
