namespace ConfluenceGateway.Connections;

/// <summary>Is told every event, at least once, and the events of one subject in their order.</summary>
/// <remarks>
/// An event waits in Redis until every consumer took it, so one that is told twice, by two replicas or after a crash, must come
/// to the same as one that is told once: <see cref="ConnectionEvent.Id"/> tells.
/// </remarks>
internal interface IEventConsumer
{
    /// <summary>Takes an event.</summary>
    /// <param name="subject">The id of the connection it is about, or <see cref="ConnectionEvents.App"/>.</param>
    /// <param name="told">The event.</param>
    /// <exception cref="StoreUnavailableException">The store is out of reach; it is told again.</exception>
    Task ConsumeAsync(string subject, ConnectionEvent told);
}
