using System.Net;

namespace ConfluenceGateway.Webhooks;

/// <summary>What the URL of an endpoint may be. Where a name leads is only known when it is called: see <see cref="WebhookConnector"/>.</summary>
internal static class EndpointUrl
{
    private const int MaxLength = 2048;

    /// <summary>Why <paramref name="text"/> cannot be the URL of an endpoint, with the remedy; null when it can.</summary>
    /// <param name="text">The URL.</param>
    /// <param name="allowPrivateNetworks">Whether it may be within a private network, and so without TLS.</param>
    public static string? Refusal(string text, bool allowPrivateNetworks) =>
        !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme != Uri.UriSchemeHttps && url.Scheme != Uri.UriSchemeHttp || text.Length > MaxLength
            ? $"must be an absolute https URL of at most {MaxLength} characters, such as https://example.com/hooks/confluence."
        : url.UserInfo.Length > 0 ? "must not hold a user name or password. Receivers tell by the signature who sent an event."
        : url.Fragment.Length > 0 ? "must not have a fragment: it would not be sent."
        : allowPrivateNetworks ? null
        : url.Scheme != Uri.UriSchemeHttps ? "must begin with https://. Within a private network set Webhooks:AllowPrivateNetworks to use http."
        : IPAddress.TryParse(url.DnsSafeHost, out var address) && !PublicAddresses.Contain(address)
            ? "must not lead to a private, local or reserved address. Set Webhooks:AllowPrivateNetworks for receivers in the gateway's own network."
        : null;
}
