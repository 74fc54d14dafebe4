using System.Diagnostics;
using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>One try at the upstream. It copies and notices; whatever can fail is done before or after it.</summary>
/// <param name="request">What is forwarded.</param>
/// <param name="uri">Where it goes.</param>
/// <param name="pair">The pair it goes with.</param>
/// <param name="time">Tells whether the pair has ended when the answer comes.</param>
internal class Forward(ProxiedRequest request, Uri uri, TokenPair pair, TimeProvider time) : HttpTransformer
{
    private UpstreamAnswers? _judge;
    private int _attempt;
    private TimeSpan _waited;

    /// <summary>Whether a rejected token is the caller's to see, since no further try will be made.</summary>
    public bool IsLast { get; init; }

    /// <summary>How long the request rests before it is sent again; null when the answer was used.</summary>
    public TimeSpan? Pause { get; private set; }

    /// <summary>What the upstream answered; 0 while it has not.</summary>
    public int Status { get; private set; }

    /// <summary>What Atlassian finds the request by; null when it does not say.</summary>
    public string? AtlassianTraceId { get; private set; }

    /// <summary>How the upstream took the token.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>Whether the answer was held back because the token was rejected.</summary>
    public bool IsRejected => Rejection == Rejection.Token && !IsLast;

    /// <summary>Whether the answer was held back, and the caller has none yet.</summary>
    public bool IsHeldBack { get; private set; }

    /// <summary>Tells which try it is, before it is sent.</summary>
    /// <param name="judge">Says whether its answer is to be used.</param>
    /// <param name="attempt">How often the request was sent, from 1.</param>
    /// <param name="waited">How long it has rested so far.</param>
    public void Begin(UpstreamAnswers judge, int attempt, TimeSpan waited) => (_judge, _attempt, _waited) = (judge, attempt, waited);

    /// <inheritdoc />
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = uri;
        HeaderRules.Apply(httpContext.Request, proxyRequest.Headers, pair.Authorization);
        TraceContext.Apply(request.TraceContext, httpContext.Request, proxyRequest.Headers);
        if (request.RewritesLinks)
        {
            LinkRewriting.Prepare(proxyRequest.Headers);
        }
    }

    /// <inheritdoc />
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is not null)
        {
            Status = (int)proxyResponse.StatusCode;
            AtlassianTraceId = proxyResponse.Headers.NonValidated.TryGetValues("atl-traceid", out var ids) ? ids.ToString() : null;
            Activity.Current?.SetTag("http.response.status_code", Status).SetTag("atlassian.trace_id", AtlassianTraceId);
        }

        Rejection = await Rejections.OfAsync(proxyResponse, pair, time, cancellationToken);
        Pause = proxyResponse is null ? null : _judge?.PauseAfter(proxyResponse, request.MayRepeat, _attempt, _waited);
        if (IsRejected || Pause is not null || proxyResponse is not null && await TakeAsync(proxyResponse, cancellationToken))
        {
            HoldBack(httpContext);
            IsHeldBack = true;
            return false;
        }

        if (request.RewritesLinks && proxyResponse is not null)
        {
            LinkRewriting.TryApply(proxyResponse, httpContext.Request.Method, request.Links.BodyRules(request.Origin));
        }

        var forward = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        HeaderRules.Apply(httpContext.Response.Headers, request);
        return forward;
    }

    /// <summary>Whether the gateway uses the answer itself instead of giving it to the caller.</summary>
    protected virtual ValueTask<bool> TakeAsync(HttpResponseMessage answer, CancellationToken cancellationToken) => new(false);

    // The forwarder has copied the status already, and takes a response with one for begun.
    private static void HoldBack(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status200OK;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
    }
}
