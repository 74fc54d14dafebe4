using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Redis;

/// <summary>The name of every key. Connection keys carry the id as hash tag, so that they share a slot in a cluster.</summary>
/// <remarks>
/// <code>
/// key                        type     life            content
/// {prefix}{id}:connection    hash     until deleted   what people edit: display name, site, paused
/// {prefix}{id}:grant         hash     until deleted   what rotations write: generation, fingerprint, ciphertext, expiry, state
/// {prefix}{id}:events        list     until deleted   what happened to it, as JSON, the newest 200
/// {prefix}{id}:outbox        list     until relayed   events that not every consumer has yet, the oldest first; it outlives the connection
/// {prefix}{id}:rotations     list     until deleted   how refreshes ended, as JSON, the newest 50
/// {prefix}connections        zset     as the above    every connection id, all with score 0, for paging in order
/// {prefix}due                zset     as the grants   connection ids by when somebody must look at them, in ms since 1970
/// {prefix}obtained           zset     as the grants   connection ids by when the newest pair was obtained, in ms since 1970
/// {prefix}consented          zset     as the grants   connection ids by when the last consent was given, in ms since 1970
/// {prefix}{@app}:events      list     for ever        what happened to the app, as JSON, the newest 200
/// {prefix}{@app}:outbox      list     until relayed   events of the app that not every consumer has yet
/// {prefix}{@app}:refused     zset     as replicas do  replicas whose configuration circuit is open, by when they count no longer, in ms since 1970
/// {prefix}{@app}:told        string   until told      what the token endpoint said when it was told that it refuses the app
/// {prefix}refreshes:minute   hash     2 hours         how many refreshes ended how in a minute, which is in s since 1970
/// {prefix}audit              zset     Audit:MaxAge    who did what, as JSON, by when, in ms since 1970
/// {prefix}refusals:clientId  zset     5 minutes       connection ids by when their grants were refused, in ms since 1970; the life is Refresh:MassRefusalWindow
/// {prefix}quota:clientId:at  hash     2 hours         points of the app's quota by connection, * is their sum; the window's begin is in s since 1970
/// {prefix}state:hash         string   10 minutes      one authorize request in flight; the name is a hash of its state
/// {prefix}choice:hash        string   10 minutes      a consent that waits for the person to choose a site
/// {prefix}import:fingerprint string   7 days          a pair that an import took over and could not place yet
/// {prefix}imported:fingerprint string 7 days          the connection that an imported token went to
/// {prefix}{@callers}:keys    hash     until revoked   caller keys, as JSON, by the fingerprints of their secrets
/// {prefix}{@callers}:ids     hash     until revoked   the fingerprint of each caller key, by its id
/// {prefix}{@callers}:index   zset     until revoked   connection/id of each caller key, /id for all, all with score 0, for paging in order
/// {prefix}{@callers}:uses    hash     until revoked   when each caller key was last used, in s since 1970, by its id
/// {prefix}{@callers}:stamp   string   for ever        set anew by each change of caller keys; one value
/// {prefix}webhooks           zset     as the below    ids of the webhook endpoints that were made by hand, all with score 0, at most 100
/// {prefix}webhook:{id}:…     the keys of one endpoint:
///   endpoint                 hash     until deleted   what people edit, and its secrets, encrypted
///   due                      zset     30 days         subjects that have a waiting event, by when its next attempt is, in ms since 1970
///   waiting                  zset     30 days         "subject number event" of every waiting event, all with score 0; the first of a subject is tried
///   log                      zset     30 days         "subject number event" of every event, by its number, the newest 10,000
///   deliveries               hash     30 days         event id: its place in the log, and what became of it as JSON
///   payloads                 hash     30 days         event id: the bytes to send, encrypted
///                                                     the 30 days run anew with every event and every attempt
/// {prefix}keyring            list     for ever        Data Protection keys; without them no ciphertext can be read
/// {prefix}canary             string   for ever        a word under the key ring, to tell whether the ring is still the one that was
/// {prefix}lock:…             string   its own         RedLock
/// {prefix}changes            channel                  id of a connection that changed
/// {prefix}callers            channel                  the stamp of a change of caller keys
/// </code>
/// </remarks>
internal sealed class RedisKeys(IOptions<RedisOptions> options)
{
    private readonly string _prefix = options.Value.KeyPrefix;

    /// <summary>Every connection id.</summary>
    public RedisKey Connections => _prefix + "connections";

    /// <summary>When somebody must look at which connection.</summary>
    public RedisKey Due => _prefix + "due";

    /// <summary>When the newest pair of which connection was obtained.</summary>
    public RedisKey Obtained => _prefix + "obtained";

    /// <summary>When the last consent for which connection was given.</summary>
    public RedisKey Consented => _prefix + "consented";

    /// <summary>The Data Protection key ring.</summary>
    public RedisKey KeyRing => _prefix + "keyring";

    /// <summary>A word encrypted under the key ring.</summary>
    public RedisKey Canary => _prefix + "canary";

    /// <summary>Where changes of connections are told.</summary>
    public RedisChannel Changes => RedisChannel.Literal(_prefix + "changes");

    // No connection can have this name.
    private string Callers => _prefix + "{@callers}:";

    /// <summary>Caller keys by the fingerprints of their secrets.</summary>
    public RedisKey CallerKeys => Callers + "keys";

    /// <summary>The fingerprint of each caller key by its id.</summary>
    public RedisKey CallerKeyFingerprints => Callers + "ids";

    /// <summary>Caller keys by the connections they are for.</summary>
    public RedisKey CallerKeyIndex => Callers + "index";

    /// <summary>When each caller key was last used.</summary>
    public RedisKey CallerKeyUses => Callers + "uses";

    /// <summary>What the last change of caller keys set.</summary>
    public RedisKey CallerKeyStamp => Callers + "stamp";

    /// <summary>Where changes of caller keys are told.</summary>
    public RedisChannel CallerKeyChanges => RedisChannel.Literal(_prefix + "callers");

    /// <summary>The format of a RedLock key; <c>{0}</c> is the resource.</summary>
    public string LockFormat => _prefix + "lock:{0}";

    /// <summary>What people edit of a connection.</summary>
    public RedisKey Connection(string id) => $"{_prefix}{{{id}}}:connection";

    /// <summary>What rotations write of a connection.</summary>
    public RedisKey Grant(string id) => $"{_prefix}{{{id}}}:grant";

    /// <summary>What happened to a connection.</summary>
    public RedisKey Events(string id) => $"{_prefix}{{{id}}}:events";

    /// <summary>Events that not every consumer has yet.</summary>
    public RedisKey Outbox(string subject) => $"{_prefix}{{{subject}}}:outbox";

    /// <summary>How refreshes of a connection ended.</summary>
    public RedisKey Rotations(string id) => $"{_prefix}{{{id}}}:rotations";

    /// <summary>What scripts over a connection get as keys: grant, connection, events and outbox.</summary>
    public RedisKey[] OfConnection(string id) => [Grant(id), Connection(id), Events(id), Outbox(id)];

    /// <summary>Replicas that the token endpoint refuses.</summary>
    public RedisKey AppRefused => _prefix + "{@app}:refused";

    /// <summary>What was told of the app.</summary>
    public RedisKey AppTold => _prefix + "{@app}:told";

    /// <summary>How refreshes ended in the minute that began then.</summary>
    public RedisKey Refreshes(DateTimeOffset minute) => $"{_prefix}refreshes:{minute.ToUnixTimeSeconds()}";

    /// <summary>Who did what.</summary>
    public RedisKey Audit => _prefix + "audit";

    /// <summary>Which grants of an app were refused lately.</summary>
    public RedisKey Refusals(string clientId) => $"{_prefix}refusals:{clientId}";

    /// <summary>What an app used of its quota in the window that began then.</summary>
    public RedisKey Quota(string clientId, DateTimeOffset begin) => $"{_prefix}quota:{clientId}:{begin.ToUnixTimeSeconds()}";

    /// <summary>The ids of the webhook endpoints that were made by hand.</summary>
    public RedisKey Webhooks => _prefix + "webhooks";

    /// <summary>What people edit of a webhook endpoint.</summary>
    public RedisKey Webhook(string id) => WebhookKey(id, "endpoint");

    /// <summary>Every key of a webhook endpoint, in the order in which scripts take them: endpoint, due, waiting, log, deliveries, payloads.</summary>
    public RedisKey[] WebhookQueue(string id) =>
        [Webhook(id), WebhookKey(id, "due"), WebhookKey(id, "waiting"), WebhookKey(id, "log"), WebhookKey(id, "deliveries"), WebhookKey(id, "payloads")];

    /// <summary>An authorize request in flight.</summary>
    public RedisKey State(string hash) => $"{_prefix}state:{hash}";

    /// <summary>A consent that waits for a choice of site.</summary>
    public RedisKey Choice(string hash) => $"{_prefix}choice:{hash}";

    /// <summary>A pair that an import took over and could not place yet.</summary>
    public RedisKey Import(string fingerprint) => $"{_prefix}import:{fingerprint}";

    /// <summary>Where an imported token went.</summary>
    public RedisKey Imported(string fingerprint) => $"{_prefix}imported:{fingerprint}";

    private RedisKey WebhookKey(string id, string part) => $"{_prefix}webhook:{{{id}}}:{part}";
}
