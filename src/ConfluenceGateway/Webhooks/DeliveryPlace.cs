namespace ConfluenceGateway.Webhooks;

/// <summary>Where an event stands in the queue of an endpoint: its subject, a number that only grows, and its id.</summary>
/// <remarks>As text, places of one subject sort by their numbers, and no place of another subject comes between them.</remarks>
/// <param name="Subject">What the events are about that must stay in order among each other.</param>
/// <param name="Number">The number, 16 digits: microseconds since 1970 where no event came at the same time.</param>
/// <param name="EventId">The event.</param>
public readonly record struct DeliveryPlace(string Subject, string Number, string EventId)
{
    /// <summary>Reads the place, and what stands behind it.</summary>
    public static (DeliveryPlace Place, string Behind) Read(string stored)
    {
        var parts = stored.Split(' ', 4);
        return (new DeliveryPlace(parts[0], parts[1], parts[2]), parts.Length > 3 ? parts[3] : "");
    }

    /// <inheritdoc />
    public override string ToString() => $"{Subject} {Number} {EventId}";
}
