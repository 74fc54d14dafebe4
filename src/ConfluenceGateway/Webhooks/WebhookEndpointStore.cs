using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Webhooks;

/// <summary>Webhook endpoints in Redis: the one that the settings make, and those that people made. Secrets lie there encrypted.</summary>
/// <remarks>Of the configured endpoint only its state and what it is sent are here; URL and secret are the settings' own.</remarks>
internal sealed class WebhookEndpointStore(RedisConnection redis, RedisKeys keys, KeyRing ring, IOptionsMonitor<WebhookOptions> options, TimeProvider time)
{
    /// <summary>How many endpoints people may make.</summary>
    public const int Most = 100;

    /// <summary>How long the last secret signs beside a new one.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    /// <summary>Every endpoint: the configured one, then the others by age.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<IReadOnlyList<WebhookEndpoint>> ListAsync() => StoreUnavailableException.GuardAsync<IReadOnlyList<WebhookEndpoint>>(async () =>
    {
        var made = await redis.Database.SortedSetRangeByRankAsync(keys.Webhooks);
        var endpoints = await Task.WhenAll(made.Select(id => id.ToString()).Prepend(WebhookEndpoint.ConfiguredId).Select(ReadAsync));
        return [.. endpoints.OfType<WebhookEndpoint>()];
    });

    /// <summary>Reads an endpoint; null when there is none.</summary>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<WebhookEndpoint?> ReadAsync(string id) => StoreUnavailableException.GuardAsync(async () =>
    {
        if (!WebhookEndpoint.IsId(id) || IsConfigured(id) && options.CurrentValue.Url.Length == 0)
        {
            return null;
        }

        var entries = await redis.Database.HashGetAllAsync(keys.Webhook(id));
        if (entries.Length == 0 && IsConfigured(id))
        {
            // Its first use. Another replica may be as far: both write the same.
            await redis.Database.HashSetAsync(keys.Webhook(id), [new("created_at", time.GetUtcNow().ToUnixTimeMilliseconds()), new("enabled", 1)]);
            entries = await redis.Database.HashGetAllAsync(keys.Webhook(id));
        }

        return Decode(id, entries);
    });

    /// <summary>Makes an endpoint.</summary>
    /// <param name="edit">What it is; valid, and with a URL.</param>
    /// <returns>Its id and the secret to tell the receiver, which is not shown again; null when there are <see cref="Most"/>.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<(string Id, WebhookSecret Secret)?> CreateAsync(EndpointEdit edit) => StoreUnavailableException.GuardAsync<(string Id, WebhookSecret Secret)?>(async () =>
    {
        if (await redis.Database.SortedSetLengthAsync(keys.Webhooks) >= Most)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var (id, secret) = (WebhookEndpoint.NewId(now), WebhookSecret.Random());
        // The index comes first: one that is listed and not there is skipped, one that is not listed would be lost to sight.
        await redis.Database.SortedSetAddAsync(keys.Webhooks, id, 0);
        await redis.Database.HashSetAsync(
            keys.Webhook(id),
            [new("created_at", now.ToUnixTimeMilliseconds()), new("secret", Protect(id, secret)), .. Fields(edit with { Enabled = edit.Enabled ?? true })]);
        return (id, secret);
    });

    /// <summary>Changes what is given of an endpoint. One that is enabled again is sent what waited for it.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> ChangeAsync(string id, EndpointEdit edit) => SetAsync(id, Fields(edit));

    /// <summary>Sends nothing to an endpoint any more, since it answered 410.</summary>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> DisableAsync(string id) => SetAsync(id, [new("enabled", 0), new("gone_at", time.GetUtcNow().ToUnixTimeMilliseconds())]);

    private Task<bool> SetAsync(string id, IReadOnlyList<HashEntry> fields) => StoreUnavailableException.GuardAsync(async () =>
        (bool)await redis.Database.ScriptEvaluateAsync(SetScript, [keys.Webhook(id)], [.. fields.SelectMany(field => new[] { field.Name, field.Value })]));

    private const string SetScript = """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
        for at = 1, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
        return 1
        """;

    /// <summary>Erases an endpoint, its secrets, and everything that waits for it.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="StoreUnavailableException">Redis is out of reach.</exception>
    public Task<bool> DeleteAsync(string id) => StoreUnavailableException.GuardAsync(async () =>
    {
        var deleted = await redis.Database.KeyDeleteAsync(keys.WebhookQueue(id));
        await redis.Database.SortedSetRemoveAsync(keys.Webhooks, id);
        return deleted > 0;
    });

    /// <summary>Gives an endpoint a new secret; the one before signs too for <see cref="Overlap"/>, and any older one no more.</summary>
    /// <returns>The secret to tell the receiver, which is not shown again; null when there is no such endpoint.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<WebhookSecret?> RotateSecretAsync(string id) => StoreUnavailableException.GuardAsync(async () =>
    {
        var secret = WebhookSecret.Random();
        return (bool)await redis.Database.ScriptEvaluateAsync(
            RotateScript, [keys.Webhook(id)], [Protect(id, secret), (time.GetUtcNow() + Overlap).ToUnixTimeMilliseconds()]) ? secret : null;
    });

    private const string RotateScript = """
        local last = redis.call('HGET', KEYS[1], 'secret')
        if not last then return 0 end
        redis.call('HSET', KEYS[1], 'secret', ARGV[1], 'last_secret', last, 'last_secret_until', ARGV[2])
        return 1
        """;

    /// <summary>Encrypts the secrets of an endpoint anew that lie under a key that encrypts no more. They stay what they are.</summary>
    /// <returns>Whether any was.</returns>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">The ring cannot read one.</exception>
    public async Task<bool> ReencryptAsync(string id)
    {
        var done = false;
        foreach (var field in new[] { "secret", "last_secret" })
        {
            var stored = await StoreUnavailableException.GuardAsync(async () => (byte[]?)await redis.Database.HashGetAsync(keys.Webhook(id), field));
            done |= stored is not null && ring.Reencrypt(stored, Purpose, id) is { } fresh && await StoreUnavailableException.GuardAsync(async () =>
                (bool)await redis.Database.ScriptEvaluateAsync(ReencryptScript, [keys.Webhook(id)], [field, stored, fresh]));
        }

        return done;
    }

    private const string ReencryptScript = """
        if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
        return 1
        """;

    /// <summary>The secrets that sign now; none when there is no such endpoint.</summary>
    /// <exception cref="StoreUnavailableException">Redis or the key ring is out of reach.</exception>
    public Task<IReadOnlyList<WebhookSecret>> SecretsAsync(string id) => StoreUnavailableException.GuardAsync<IReadOnlyList<WebhookSecret>>(async () =>
    {
        if (IsConfigured(id))
        {
            return WebhookSecret.TryParse(options.CurrentValue.Secret, out var configured) ? [configured] : [];
        }

        var fields = await redis.Database.HashGetAsync(keys.Webhook(id), ["secret", "last_secret", "last_secret_until"]);
        var inForce = fields[2].HasValue && Moment(fields[2])! > time.GetUtcNow() ? fields[..2] : fields[..1];
        return [.. inForce.Where(field => field.HasValue).Select(field => Unprotect(id, field!))];
    });

    private static bool IsConfigured(string id) => id == WebhookEndpoint.ConfiguredId;

    private static HashEntry[] Fields(EndpointEdit edit)
    {
        var fields = new List<HashEntry>();
        if (edit.Url is not null)
        {
            fields.Add(new("url", edit.Url));
        }

        if (edit.Description is not null)
        {
            fields.Add(new("description", edit.Description));
        }

        if (edit.Events is not null)
        {
            fields.Add(new("events", string.Join(' ', edit.Events.Distinct())));
        }

        if (edit.Enabled is { } enabled)
        {
            fields.Add(new("enabled", enabled));
            fields.Add(new("gone_at", ""));
        }

        return [.. fields];
    }

    private WebhookEndpoint? Decode(string id, HashEntry[] entries)
    {
        var fields = entries.ToDictionary(entry => entry.Name.ToString(), entry => entry.Value, StringComparer.Ordinal);
        return fields.Count == 0 ? null : new WebhookEndpoint(
            id,
            IsConfigured(id) ? options.CurrentValue.Url : fields["url"].ToString(),
            fields.GetValueOrDefault("description").ToString() is { Length: > 0 } description ? description : null,
            fields.GetValueOrDefault("events").ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries),
            fields["enabled"] == 1,
            Moment(fields.GetValueOrDefault("gone_at")),
            Moment(fields["created_at"])!.Value,
            Moment(fields.GetValueOrDefault("last_secret_until")) is { } until && until > time.GetUtcNow() ? until : null);
    }

    private static DateTimeOffset? Moment(RedisValue milliseconds) =>
        milliseconds.TryParse(out long value) && value > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(value) : null;

    private RedisValue Protect(string id, WebhookSecret secret) => ring.Protector(Purpose, id).Protect(System.Text.Encoding.ASCII.GetBytes(secret.Reveal()));

    private WebhookSecret Unprotect(string id, byte[] ciphertext) =>
        WebhookSecret.TryParse(System.Text.Encoding.ASCII.GetString(ring.Protector(Purpose, id).Unprotect(ciphertext)), out var secret)
            ? secret : throw new InvalidOperationException("A stored webhook secret is none.");

    private const string Purpose = "webhook-secret";
}
