using System.Net;
using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Proxy;

/// <summary>Asks for the id of an attachment in the caller's place. Whatever but a list is the caller's answer.</summary>
/// <param name="request">The download that needs the id.</param>
/// <param name="uri">Where the list is.</param>
/// <param name="pair">The pair to ask with.</param>
/// <param name="time">The clock.</param>
internal sealed class AttachmentLookup(ProxiedRequest request, Uri uri, TokenPair pair, TimeProvider time) : Forward(request, uri, pair, time)
{
    // What a list needs no part of, and what would change it.
    private static readonly string[] OfTheDownload = ["Accept", "Accept-Encoding", "Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];

    /// <summary>Whether an answer that denies the content is kept from the caller, since another list will be asked.</summary>
    public bool HasNext { get; init; }

    /// <summary>Whether a list came: then the content is there, with the attachment or without it.</summary>
    public bool IsListed { get; private set; }

    /// <summary>The id; null when the list is empty.</summary>
    public string? AttachmentId { get; private set; }

    /// <inheritdoc />
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Method = HttpMethod.Get;
        foreach (var name in OfTheDownload)
        {
            proxyRequest.Headers.Remove(name);
        }

        proxyRequest.Headers.TryAddWithoutValidation("Accept", "application/json");
    }

    /// <inheritdoc />
    protected override async ValueTask<bool> TakeAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            IsListed = true;
            AttachmentId = await AttachmentDownload.ReadIdAsync(answer.Content, cancellationToken);
            return true;
        }

        return answer.StatusCode == HttpStatusCode.NotFound && HasNext;
    }
}
