using System.Net;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Compatibility.V1;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Telemetry;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// Requests of operations that Atlassian removes from v1: forwarded as long as it serves them, and answered by means of v2 when it
/// does not.
/// </summary>
internal sealed class RemovedV1(
    UpstreamCalls calls, SiteCalls siteCalls, V1Translation translation, SiteMemory memory, GatewayMetrics metrics, IOptions<CompatibilityOptions> compatibility,
    IOptions<ListenOptions> listen, TimeProvider time)
{
    /// <summary>The operation that a request calls; null when it calls none of these, or they are not served.</summary>
    public V1Match? Find(ProxyTarget target, HttpRequest request, Connection connection) =>
        target.Product == ProxyTarget.Confluence && IsV1(target.PathAndQuery) && Service(connection) != V1Service.Off ? V1Operations.Find(request.Method, target.Path) : null;

    /// <summary>Answers a request of such an operation.</summary>
    /// <param name="request">The request.</param>
    /// <param name="match">The operation.</param>
    /// <param name="uri">Where it is forwarded to.</param>
    /// <returns>Why the caller has no answer; null when it has one.</returns>
    public async Task<Problem?> AnswerAsync(ProxiedRequest request, V1Match match, Uri uri)
    {
        if (Service(request.Connection) == V1Service.Auto && !memory.Gone.TryGet(Scope(request), match.Operation.Name, out _))
        {
            var (forward, failure) = await calls.MakeAsync(request, isLast => new RemovableForward(request, uri, request.Token.Grant.Pair, time) { IsLast = isLast });
            if (!forward.IsGone)
            {
                metrics.V1Requests.WithLabels(match.Operation.Name, "v1").Inc();
                return failure;
            }

            memory.Gone.Set(Scope(request), match.Operation.Name, true);
            if (request.Body?.TryRewind() == false)
            {
                // As much is kept as content may be long.
                await SentJson.TooLong.Answer.ExecuteAsync(request.Context);
                return null;
            }
        }

        try
        {
            var rules = request.RewritesLinks ? request.Links.BodyRules(request.Origin) : [];
            await translation.AnswerAsync(request.Context, match, request.Target.Query.TrimStart('?'), request.Connection, rules, siteCalls.Of(request));
            return null;
        }
        catch (OperationCanceledException) when (request.Context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
        catch (BadHttpRequestException bad)
        {
            return bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ProxyProblems.BodyTooLarge(listen.Value.MaxRequestBodyBytes)
                : ProxyProblems.Of(ForwarderError.RequestBodyClient, bad);
        }
    }

    /// <summary>Notices a request that may have changed what is remembered of the site.</summary>
    public void Notice(ProxiedRequest request)
    {
        if (!HttpMethods.IsGet(request.Context.Request.Method) && request.Target.PathAndQuery.Contains("/rest/api/space", StringComparison.Ordinal))
        {
            memory.ForgetSpaces(request.Connection);
        }
    }

    // Most requests are not, and should not pay for it.
    private static bool IsV1(string path) => path.StartsWith("/wiki/rest/api/", StringComparison.Ordinal) || path.StartsWith("/rest/api/", StringComparison.Ordinal);

    private V1Service Service(Connection connection) => connection.Compatibility.V1 ?? compatibility.Value.V1;

    private static string Scope(ProxiedRequest request) => SiteMemory.Scope(request.Connection);
}

/// <summary>A try at an operation of v1 that may be gone by now.</summary>
/// <param name="request">What is forwarded.</param>
/// <param name="uri">Where it goes.</param>
/// <param name="pair">The pair it goes with.</param>
/// <param name="time">The clock.</param>
internal sealed class RemovableForward(ProxiedRequest request, Uri uri, TokenPair pair, TimeProvider time) : Forward(request, uri, pair, time)
{
    /// <summary>Whether the connection is not served the operation: it was removed, or is looked at only with a scope that the consent lacks.</summary>
    public bool IsGone { get; private set; }

    // Scopes are looked at before anything else. v2 has others, and says so itself when the consent lacks those too.
    /// <inheritdoc />
    protected override ValueTask<bool> TakeAsync(HttpResponseMessage answer, CancellationToken cancellationToken) =>
        new(IsGone = answer.StatusCode == HttpStatusCode.Gone || Rejection == Rejection.Scope);
}
