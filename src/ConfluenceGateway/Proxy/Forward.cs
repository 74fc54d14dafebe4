using ConfluenceGateway.Connections;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>One try at the upstream. It copies and notices; whatever can fail is done before or after it.</summary>
/// <param name="uri">Where the request goes.</param>
/// <param name="pair">The pair it goes with.</param>
/// <param name="isLast">Whether a rejected token is the caller's to see.</param>
internal sealed class Forward(Uri uri, TokenPair pair, bool isLast) : HttpTransformer
{
    /// <summary>How the upstream took the token.</summary>
    public Rejection Rejection { get; private set; }

    /// <summary>Whether the answer was held back, so that the request can be sent again.</summary>
    public bool HeldBack => Rejection == Rejection.Token && !isLast;

    /// <inheritdoc />
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = uri;
        HeaderRules.Apply(httpContext.Request, proxyRequest.Headers, pair.Authorization);
    }

    /// <inheritdoc />
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        Rejection = await Rejections.OfAsync(proxyResponse, cancellationToken);
        if (HeldBack)
        {
            // The forwarder has copied the status already, and takes a response with one for begun.
            httpContext.Response.StatusCode = StatusCodes.Status200OK;
            httpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = null;
            return false;
        }

        var forward = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        HeaderRules.Apply(httpContext.Response.Headers);
        return forward;
    }
}
