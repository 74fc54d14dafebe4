using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ConfluenceGateway.Admin.Api;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Admin;

/// <summary>
/// Brings everything that lasts under the newest key, and the ring under the certificate of the settings. What is there already is
/// passed over, so a run that broke off is gone on with by another.
/// </summary>
/// <remarks>Grants serve and rotate meanwhile. What does not last, such as links, sessions and waiting webhooks, goes by its age.</remarks>
internal sealed class Reencryption(KeyRingWrapping wrapping, KeyRingCheck canary, ConnectionStore connections, GrantStore grants, WebhookEndpointStore webhooks)
{
    private const int Batch = 200;

    /// <summary>Does it, and tells what was done so far after every batch of connections.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach; what was done is done.</exception>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded.</exception>
    public async Task RunAsync(Func<JsonObject, Task> tellAsync, CancellationToken cancellationToken)
    {
        var isCanaryRead = await StoreUnavailableException.GuardAsync(() => TryAsync(canary.ReencryptAsync)) is not null;
        var (keys, wrapped) = await StoreUnavailableException.GuardAsync(wrapping.RunAsync);
        var line = new ReencryptionLine(keys, wrapped, Grants: 0, GrantsDone: 0, Webhooks: 0, WebhooksDone: 0, Unreadable: isCanaryRead ? [] : ["canary"], IsLast: false);
        IReadOnlyList<ConnectionId> ids = [];
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            ids = await connections.ListAsync(ids.Count == 0 ? null : ids[^1].Value, Batch);
            var outcomes = await Task.WhenAll(ids.Select(id => TryAsync(() => grants.ReencryptAsync(id))));
            line = line with
            {
                Grants = line.Grants + ids.Count,
                GrantsDone = line.GrantsDone + outcomes.Count(done => done == true),
                Unreadable = [.. line.Unreadable, .. ids.Zip(outcomes).Where(one => one.Second is null).Select(one => one.First.Value)],
            };
            await tellAsync(line.ToJson());
        }
        while (ids.Count == Batch);

        foreach (var endpoint in await webhooks.ListAsync())
        {
            var done = await TryAsync(() => webhooks.ReencryptAsync(endpoint.Id));
            line = line with
            {
                Webhooks = line.Webhooks + 1,
                WebhooksDone = line.WebhooksDone + (done == true ? 1 : 0),
                Unreadable = done is null ? [.. line.Unreadable, endpoint.Id] : line.Unreadable,
            };
        }

        await tellAsync((line with { IsLast = true }).ToJson());
    }

    // One that the ring cannot read holds up no other; it is named, and only another ring or a new consent can help it.
    private static async Task<bool?> TryAsync(Func<Task<bool>> reencryptAsync)
    {
        try
        {
            return await reencryptAsync();
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}

/// <summary>How far it is.</summary>
/// <param name="Keys">The keys in the ring.</param>
/// <param name="KeysWrapped">Those of them that were wrapped anew.</param>
/// <param name="Grants">The connections that were looked at.</param>
/// <param name="GrantsDone">Those of them whose grants were encrypted anew.</param>
/// <param name="Webhooks">The webhook endpoints that were looked at.</param>
/// <param name="WebhooksDone">Those of them whose secrets were encrypted anew.</param>
/// <param name="Unreadable">The ids of those that the ring cannot read, and <c>canary</c> when it is another ring than it was.</param>
/// <param name="IsLast">Whether that is all.</param>
internal sealed record ReencryptionLine(int Keys, int KeysWrapped, int Grants, int GrantsDone, int Webhooks, int WebhooksDone, IReadOnlyList<string> Unreadable, bool IsLast)
{
    /// <summary>As it is told.</summary>
    public JsonObject ToJson() => (JsonObject)JsonSerializer.SerializeToNode(this, JsonBody.Options)!;
}
