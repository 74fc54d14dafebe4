namespace ConfluenceGateway.Admin;

/// <summary>What an endpoint does, for the audit trail; every call of it is noted, whatever comes of it.</summary>
/// <param name="Name">Such as <c>connection.pause</c>.</param>
internal sealed record AuditedAction(string Name);

/// <summary>Marks endpoints.</summary>
internal static class AuditedEndpoints
{
    /// <summary>Notes every call under <paramref name="action"/>, about what the route value <c>id</c> names.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder endpoint, string action)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AuditedAction(action));
}
