using ConfluenceGateway.Admin.Pages;
using ConfluenceGateway.Audit;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Admin;

/// <summary>What an endpoint does, for the audit trail; every call of it is noted, whatever comes of it.</summary>
/// <param name="Name">Such as <c>connection.pause</c>.</param>
internal sealed record AuditedAction(string Name);

/// <summary>Marks endpoints, and notes what they do.</summary>
internal static class AuditedEndpoints
{
    private static readonly object SubjectItem = new();

    /// <summary>Notes every call under <paramref name="action"/>, about what the route value <c>id</c> names.</summary>
    public static TBuilder Audited<TBuilder>(this TBuilder endpoint, string action)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AuditedAction(action));

    /// <summary>Says what the call under way is about, when no route value does.</summary>
    public static void IsAbout(this HttpContext context, string subject) => context.Items[SubjectItem] = subject;

    /// <summary>The filter of a group of endpoints that notes the calls of those that are marked.</summary>
    public static async ValueTask<object?> NoteAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var context = invocation.HttpContext;
        if (context.GetEndpoint()?.Metadata.GetMetadata<AuditedAction>() is not { Name: var action })
        {
            return await next(invocation);
        }

        var outcome = "failed";
        try
        {
            var result = await next(invocation);
            outcome = result switch { Problem problem => problem.Name, Refused { Problem: var problem } => problem.Name, _ => AuditEntry.Done };
            return result;
        }
        finally
        {
            // Who signs in has no name before that.
            await NoteAsync(context, context.User.Identity?.Name ?? "unknown", action, outcome);
        }
    }

    /// <summary>Notes what <paramref name="actor"/> did by this request.</summary>
    public static Task NoteAsync(HttpContext context, string actor, string action, string outcome)
    {
        var services = context.RequestServices;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return services.GetRequiredService<AuditTrail>().NoteOrLogAsync(new AuditEntry(
            AuditEntry.NewId(now), now, actor, action, context.Items[SubjectItem] as string ?? context.GetRouteValue("id") as string, outcome,
            context.Connection.RemoteIpAddress?.ToString(), services.GetRequiredService<ReplicaId>().Value, Data: null));
    }
}
