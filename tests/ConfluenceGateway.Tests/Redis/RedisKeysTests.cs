using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>The layout of the keys, on which every release depends.</summary>
public sealed class RedisKeysTests
{
    private static readonly RedisKeys Keys = new(Options.Create(new RedisOptions { KeyPrefix = "cgw:" }));

    [Fact]
    public void Every_name_stays_as_it_was()
    {
        Assert.Equal("cgw:{demo}:connection", Keys.Connection("demo"));
        Assert.Equal("cgw:{demo}:grant", Keys.Grant("demo"));
        Assert.Equal("cgw:{demo}:events", Keys.Events("demo"));
        Assert.Equal("cgw:connections", Keys.Connections);
        Assert.Equal("cgw:due", Keys.Due);
        Assert.Equal("cgw:obtained", Keys.Obtained);
        Assert.Equal("cgw:consented", Keys.Consented);
        Assert.Equal("cgw:quota:app:3600", Keys.Quota("app", DateTimeOffset.UnixEpoch.AddHours(1)));
        Assert.Equal("cgw:webhooks", Keys.Webhooks);
        Assert.Equal("cgw:webhook:{configured}:endpoint", Keys.Webhook("configured"));
        Assert.Equal(
            ["endpoint", "due", "waiting", "log", "deliveries", "payloads"],
            Keys.WebhookQueue("configured").Select(key => key.ToString()["cgw:webhook:{configured}:".Length..]));
        Assert.Equal("cgw:state:h", Keys.State("h"));
        Assert.Equal("cgw:choice:h", Keys.Choice("h"));
        Assert.Equal("cgw:import:f", Keys.Import("f"));
        Assert.Equal("cgw:keyring", Keys.KeyRing);
        Assert.Equal("cgw:canary", Keys.Canary);
        Assert.Equal("cgw:lock:{0}", Keys.LockFormat);
        Assert.Equal("cgw:changes", Keys.Changes.ToString());
    }

    [Fact]
    public void What_belongs_to_a_connection_shares_a_slot_in_a_cluster() =>
        Assert.All([Keys.Connection("demo"), Keys.Grant("demo"), Keys.Events("demo")], key => Assert.Equal("demo", HashTag(key.ToString())));

    [Fact]
    public void What_waits_for_a_webhook_endpoint_shares_a_slot_in_a_cluster() =>
        Assert.All(Keys.WebhookQueue("configured"), key => Assert.Equal("configured", HashTag(key.ToString())));

    // Redis hashes what stands between the first brace and the next closing one.
    private static string HashTag(string key) => key[(key.IndexOf('{', StringComparison.Ordinal) + 1)..key.IndexOf('}', StringComparison.Ordinal)];
}
