using System.Diagnostics;
using System.Net.Http.Headers;

namespace ConfluenceGateway.Proxy;

/// <summary>What becomes of a request's trace context (W3C Trace Context: <c>traceparent</c>, <c>tracestate</c>; and <c>baggage</c>) on the way to Atlassian.</summary>
internal enum TraceContextMode
{
    /// <summary>It goes on as the caller sent it.</summary>
    Pass,

    /// <summary>The gateway's own span takes the caller's place, so that whoever sees both can join them; as <see cref="Pass"/> while no spans are collected.</summary>
    Join,

    /// <summary>It stays here.</summary>
    Drop,
}

/// <summary>Applies the mode to a request.</summary>
internal static class TraceContext
{
    private static readonly string[] Names = ["traceparent", "tracestate", "baggage"];

    /// <summary>Puts the right trace context on a request, after its headers were copied.</summary>
    public static void Apply(TraceContextMode mode, HttpRequest from, HttpRequestHeaders to)
    {
        var own = mode == TraceContextMode.Join ? Activity.Current : null;
        foreach (var name in Names)
        {
            if (from.Headers.TryGetValue(name, out var values))
            {
                to.Remove(name);
                if (mode != TraceContextMode.Drop && own is null)
                {
                    to.TryAddWithoutValidation(name, values.ToArray());
                }
            }
        }

        if (own is not null)
        {
            to.TryAddWithoutValidation("traceparent", own.Id);
            if (own.TraceStateString is { Length: > 0 } state)
            {
                to.TryAddWithoutValidation("tracestate", state);
            }
        }
    }
}
