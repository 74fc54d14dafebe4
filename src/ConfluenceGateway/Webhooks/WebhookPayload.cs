using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Webhooks;

/// <summary>Makes what receivers are sent: the type, the time and the data of an event.</summary>
internal sealed class WebhookPayload(ConnectLinks links)
{
    // It is no part of a page, so a plus stays a plus.
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The bytes to send. They are made once: every attempt sends the same.</summary>
    /// <param name="subject">The connection's id, or a word that is none.</param>
    /// <param name="told">The event.</param>
    /// <exception cref="Redis.KeyRingUnavailableException">It needs a link, and the key ring is not loaded yet.</exception>
    public byte[] Of(string subject, ConnectionEvent told)
    {
        var data = new JsonObject();
        var isConnection = ConnectionId.TryParse(subject, out var id);
        if (isConnection)
        {
            data["connectionId"] = subject;
        }

        foreach (var (name, value) in told.Data ?? [])
        {
            data[name] = value?.DeepClone();
        }

        if (isConnection && told.Type is ConnectionEvents.ReauthRequired or ConnectionEvents.Expiring)
        {
            // As a caller's: whoever gets hold of it can repair the connection, and not move it to another account.
            data["reconnectUrl"] = links.Create(id, LinkIssuer.Caller).Url.AbsoluteUri;
        }

        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["type"] = told.Type, ["timestamp"] = told.At.UtcDateTime, ["data"] = data }, Json);
    }
}
