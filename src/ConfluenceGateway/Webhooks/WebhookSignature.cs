using System.Text;

namespace ConfluenceGateway.Webhooks;

/// <summary>Signs as the Standard Webhooks specification has it.</summary>
internal static class WebhookSignature
{
    /// <summary>The value of <c>webhook-signature</c>: one signature for each secret, so that a receiver may still have the last one.</summary>
    /// <param name="id">The event's id, the same in every attempt.</param>
    /// <param name="timestamp">When this attempt is made, in seconds since 1970.</param>
    /// <param name="body">The bytes that are sent.</param>
    /// <param name="secrets">The secrets that are in force.</param>
    public static string Header(string id, long timestamp, ReadOnlySpan<byte> body, IEnumerable<WebhookSecret> secrets)
    {
        byte[] content = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        return string.Join(' ', secrets.Select(secret => "v1," + Convert.ToBase64String(secret.Sign(content))));
    }
}
