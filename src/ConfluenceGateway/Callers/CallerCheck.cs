using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Callers;

/// <summary>Decides whether the sender of a request may use a connection, before anybody looks whether there is one.</summary>
/// <remarks>Keys are found by their fingerprints, so no comparison takes longer the more of a key is right.</remarks>
internal sealed class CallerCheck(CallerKeyCache keys, CallerKeyUses uses, IOptions<CallersOptions> options, GatewayMetrics metrics, TimeProvider time)
{
    // A GET with one of these is taken for what it names by some servers.
    private static readonly string[] MethodOverrides = ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"];

    /// <summary>Why the request goes no further; null when it may.</summary>
    public async ValueTask<Problem?> RefusalAsync(HttpContext context, ConnectionId id)
    {
        if (options.Value.Mode == CallersMode.Open)
        {
            return null;
        }

        switch (CallerCredentials.Of(context))
        {
            case CallerCredentials.None:
                return Refuse("missing", CallerProblems.Missing());
            case CallerCredentials.Unclear unclear:
                return Refuse("unclear", CallerProblems.Unclear(unclear.Fault));
            case CallerCredentials.Sent sent:
                return await RefusalAsync(context.Request, id, sent.Key);
            case var other:
                throw new InvalidOperationException($"{other.GetType().Name} is not known here.");
        }
    }

    private async ValueTask<Problem?> RefusalAsync(HttpRequest request, ConnectionId id, Secret sent)
    {
        CallerKey? key = null;
        try
        {
            // What is no key by its form, such as an old password, needs no look.
            key = CallerKey.IsWellFormed(sent.Reveal()) ? await keys.FindAsync(sent.Fingerprint) : null;
        }
        catch (StoreUnavailableException)
        {
            return CallerProblems.StoreUnavailable();
        }

        if (key is null)
        {
            return Refuse("unknown", CallerProblems.Unknown());
        }

        if (key.HasExpired(time.GetUtcNow()))
        {
            return Refuse("expired", CallerProblems.Expired(key));
        }

        if (!key.Covers(id))
        {
            return Refuse("connection", CallerProblems.OtherConnection(key, id));
        }

        if (key.Access == CallerAccess.Read && IsWrite(request))
        {
            return Refuse("access", CallerProblems.ReadOnly(key, request.Method));
        }

        uses.Note(key.Id);
        return null;
    }

    private static bool IsWrite(HttpRequest request) =>
        !(HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method))
        || Array.Exists(MethodOverrides, request.Headers.ContainsKey);

    private Problem Refuse(string reason, Problem problem)
    {
        metrics.CallerRefusals.WithLabels(reason).Inc();
        return problem;
    }
}
