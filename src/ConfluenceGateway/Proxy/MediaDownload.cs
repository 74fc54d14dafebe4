using System.Net;
using ConfluenceGateway.Connections;
using Yarp.ReverseProxy.Forwarder;

namespace ConfluenceGateway.Proxy;

/// <summary>A download whose redirect to the media host is kept from the caller, to be followed.</summary>
/// <param name="request">The download.</param>
/// <param name="uri">Where it goes.</param>
/// <param name="pair">The pair it goes with.</param>
/// <param name="time">The clock.</param>
internal sealed class MediaDownload(ProxiedRequest request, Uri uri, TokenPair pair, TimeProvider time) : Forward(request, uri, pair, time)
{
    private readonly Uri _from = uri;

    /// <summary>Where the file is: a link with a token of its own, never to be logged. Null when there was no redirect.</summary>
    public Uri? Media { get; private set; }

    /// <inheritdoc />
    protected override ValueTask<bool> TakeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        Media = answer.StatusCode is HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.MovedPermanently or HttpStatusCode.PermanentRedirect
            && answer.Headers.TryGetValues("Location", out var locations)
            && Upstream.TryMedia(locations.First(), _from, out var media)
                ? media
                : null;
        return new(Media is not null);
    }
}

/// <summary>Fetches a file from the media host for the caller: its link is credential enough, and the grant's token is for the API alone.</summary>
/// <param name="media">The link.</param>
/// <param name="request">The download that was redirected there.</param>
internal sealed class MediaFetch(Uri media, ProxiedRequest request) : HttpTransformer
{
    // All that a file server needs to know of the caller.
    private static readonly string[] Kept = ["Accept", "Accept-Encoding", "Range", "If-Range", "If-None-Match", "If-Modified-Since", "User-Agent"];

    /// <inheritdoc />
    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        // The base would copy everything.
        proxyRequest.RequestUri = media;
        foreach (var name in Kept)
        {
            if (httpContext.Request.Headers.TryGetValue(name, out var values))
            {
                proxyRequest.Headers.TryAddWithoutValidation(name, values.ToArray());
            }
        }

        return default;
    }

    /// <inheritdoc />
    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var forward = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        HeaderRules.Apply(httpContext.Response.Headers, request);
        return forward;
    }
}
