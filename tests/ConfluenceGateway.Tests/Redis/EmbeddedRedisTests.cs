using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.Redis;

/// <summary>The store inside the process: what is written stays, and nobody else gets in.</summary>
public sealed class EmbeddedRedisTests
{
    [Fact]
    public async Task What_was_written_is_there_when_it_opens_again()
    {
        using var directory = new TemporaryDirectory();
        using (var store = new EmbeddedRedis(directory.Path))
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
            await redis.GetDatabase().StringSetAsync("text", "kept");
            await redis.GetDatabase().HashSetAsync("hash", "field", "kept");
            await redis.GetDatabase().SortedSetAddAsync("sorted", "kept", 0);
            await redis.GetDatabase().ListRightPushAsync("list", "kept");
            await redis.GetDatabase().ScriptEvaluateAsync("redis.call('HSET', KEYS[1], 'field', 'kept')", ["script"]);
        }

        using var again = new EmbeddedRedis(directory.Path);
        await using var reader = await ConnectionMultiplexer.ConnectAsync(again.ConnectionString);
        Assert.Equal("kept", await reader.GetDatabase().StringGetAsync("text"));
        Assert.Equal("kept", await reader.GetDatabase().HashGetAsync("hash", "field"));
        Assert.Equal(["kept"], await reader.GetDatabase().SortedSetRangeByRankAsync("sorted"));
        Assert.Equal(["kept"], await reader.GetDatabase().ListRangeAsync("list"));
        Assert.Equal("kept", await reader.GetDatabase().HashGetAsync("script", "field"));
    }

    [Fact]
    public async Task A_script_is_seen_whole_or_not_at_all()
    {
        const string Script = """
            local seen = tonumber(redis.call('HGET', KEYS[1], 'first') or '0')
            redis.call('HSET', KEYS[1], 'first', seen + 1)
            redis.call('HSET', KEYS[2], 'other', seen + 1)
            redis.call('HSET', KEYS[1], 'last', seen + 1)
            redis.call('HDEL', KEYS[1], 'gone')
            redis.call('PUBLISH', 'changed', seen)
            """;
        const int Clients = 4;
        const int Runs = 500;
        using var directory = new TemporaryDirectory();
        using var store = new EmbeddedRedis(directory.Path);
        var torn = 0;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
            for (var run = 0; run < Runs; run++)
            {
                var read = redis.GetDatabase().HashGetAsync("record", ["first", "last"]);
                await redis.GetDatabase().ScriptEvaluateAsync(Script, ["record", "beside"]);
                var fields = await read;
                torn += fields[0] == fields[1] ? 0 : 1;
            }
        }));

        await using var reader = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
        Assert.Equal(Clients * Runs, await reader.GetDatabase().HashGetAsync("record", "first"));
        Assert.Equal(Clients * Runs, await reader.GetDatabase().HashGetAsync("beside", "other"));
        Assert.Equal(0, torn);
    }

    [Fact]
    public async Task Past_the_limit_of_its_append_only_file_it_loses_nothing()
    {
        // 96 MiB in all: beyond the 64 MiB at which the file is cut.
        const int Keys = 384;
        const int Size = 256 << 10;
        using var directory = new TemporaryDirectory();
        using (var store = new EmbeddedRedis(directory.Path))
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
            for (var key = 0; key < Keys; key++)
            {
                await redis.GetDatabase().StringSetAsync($"key{key}", Value(key, Size));
            }
        }

        using var again = new EmbeddedRedis(directory.Path);
        await using var reader = await ConnectionMultiplexer.ConnectAsync(again.ConnectionString);
        for (var key = 0; key < Keys; key++)
        {
            Assert.True(IsValue(key, Size, await reader.GetDatabase().StringGetAsync($"key{key}")), $"key{key}");
        }
    }

    [Fact]
    public async Task A_record_rewritten_past_the_limit_is_there_as_last_written_and_the_disk_does_not_fill()
    {
        const int Writes = 800;
        const int Size = 256 << 10;
        using var directory = new TemporaryDirectory();
        using (var store = new EmbeddedRedis(directory.Path))
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(store.ConnectionString);
            await redis.GetDatabase().StringSetAsync("untouched", "kept");
            for (var write = 0; write < Writes; write++)
            {
                await redis.GetDatabase().HashSetAsync("record", "ciphertext", Value(write, Size));
            }

            // 200 MiB were written; the limit is 64 MiB, plus a segment under way and what a checkpoint takes.
            await Eventually.TrueAsync(() => BytesOf(directory) < 160L << 20, "used-up segments are deleted");
        }

        using var again = new EmbeddedRedis(directory.Path);
        await using var reader = await ConnectionMultiplexer.ConnectAsync(again.ConnectionString);
        Assert.Equal("kept", await reader.GetDatabase().StringGetAsync("untouched"));
        Assert.True(IsValue(Writes - 1, Size, await reader.GetDatabase().HashGetAsync("record", "ciphertext")));
    }

    [Fact]
    public void A_second_one_on_the_directory_is_told_whose_it_is_until_the_first_has_left()
    {
        using var directory = new TemporaryDirectory();
        using (new EmbeddedRedis(directory.Path))
        {
            var refused = Assert.Throws<DataDirectoryInUseException>(() => new EmbeddedRedis(directory.Path));
            Assert.Contains($"'{directory.Path}' is in use by another process", refused.Message, StringComparison.Ordinal);
        }

        using var again = new EmbeddedRedis(directory.Path);
        Assert.Equal(directory.Path, again.DataDirectory);
    }

    [Fact]
    public void It_makes_its_directory()
    {
        using var directory = new TemporaryDirectory();

        using var store = new EmbeddedRedis(Path.Combine(directory.Path, "not", "there"));

        Assert.True(Directory.Exists(store.DataDirectory));
    }

    [Fact]
    public void A_port_that_somebody_took_in_between_is_left_to_him()
    {
        using var directory = new TemporaryDirectory();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var (taken, free) = (((IPEndPoint)other.LocalEndpoint).Port, Ports.Take());

        using var store = new EmbeddedRedis(directory.Path, new Queue<int>([taken, free]).Dequeue);

        Assert.Equal(free, AddressOf(store).Port);
    }

    [Fact]
    public void It_listens_on_loopback_only()
    {
        using var directory = new TemporaryDirectory();
        using var store = new EmbeddedRedis(directory.Path);
        var port = AddressOf(store).Port;

        var listening = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(endpoint => endpoint.Port == port);

        Assert.Equal(IPAddress.Loopback, Assert.Single(listening).Address);
    }

    [Theory]
    [InlineData("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n", "-NOAUTH")]
    [InlineData("*2\r\n$4\r\nAUTH\r\n$7\r\nguessed\r\n", "-WRONGPASS")]
    public async Task A_client_without_the_password_is_refused(string command, string refusal)
    {
        using var directory = new TemporaryDirectory();
        using var store = new EmbeddedRedis(directory.Path);
        using var client = new TcpClient();
        await client.ConnectAsync(AddressOf(store));
        await using var stream = client.GetStream();

        await stream.WriteAsync(Encoding.ASCII.GetBytes(command));

        using var answers = new StreamReader(stream);
        Assert.StartsWith(refusal, await answers.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)), StringComparison.Ordinal);
    }

    private static IPEndPoint AddressOf(EmbeddedRedis store) => Assert.IsType<IPEndPoint>(ConfigurationOptions.Parse(store.ConnectionString).EndPoints.Single());

    private static byte[] Value(int number, int size)
    {
        var value = new byte[size];
        new Random(number).NextBytes(value);
        return value;
    }

    private static bool IsValue(int number, int size, RedisValue stored) => Value(number, size).AsSpan().SequenceEqual((byte[]?)stored);

    private static long BytesOf(TemporaryDirectory directory) =>
        new DirectoryInfo(directory.Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);
}
