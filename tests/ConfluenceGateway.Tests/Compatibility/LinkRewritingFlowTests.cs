using System.IO.Pipelines;
using System.Text;
using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>A body flows: what is decided is given at once, and memory does not grow with it.</summary>
public sealed class LinkRewritingFlowTests
{
    [Theory]
    [InlineData("""{"results":[{"body":"<p>half a sen""", """{"results":[{"body":"<p>half a sen""", "")]
    [InlineData("""{"self":"/wiki/""", """{"self":"/confluence/demo/wiki/""", "")]
    [InlineData("""{"self":"/rest""", """{"self":"/rest""", "")]
    [InlineData("{\"self\":\"/wiki", "{\"self\":\"", "/wiki")]
    [InlineData("{\"_links\":{\"base\":\"https:\\/\\/acme\\", "{\"_links\":{\"base\":\"", "https:\\/\\/acme\\")]
    public async Task What_is_decided_is_given_without_waiting_for_more(string arrived, string given, string heldBack)
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(arrived));
        await using var rewritten = new LinkRewritingStream(pipe.Reader.AsStream(), LinkBodies.Rules);
        var buffer = new byte[4096];

        Assert.Equal(given, Encoding.UTF8.GetString(buffer, 0, await rewritten.ReadAsync(buffer)));

        var next = rewritten.ReadAsync(buffer);
        Assert.False(next.IsCompleted);
        await pipe.Writer.CompleteAsync();
        Assert.Equal(heldBack, Encoding.UTF8.GetString(buffer, 0, await next));
    }

    [Fact]
    public async Task A_body_of_100_megabytes_takes_no_more_memory_than_a_small_one()
    {
        const long Length = 100 << 20;
        await using var rewritten = new LinkRewritingStream(new OneLongString(Length), LinkBodies.Rules);
        var buffer = new byte[64 * 1024];
        var total = (long)await rewritten.ReadAsync(buffer);

        // Everything completes at once, so all of it runs on this thread.
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (int count; (count = await rewritten.ReadAsync(buffer)) > 0;)
        {
            total += count;
        }

        Assert.Equal(Length, total);
        // What is allocated is the state of the asynchronous methods, which a release build keeps on the stack.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Length / 50);
    }

    [Fact]
    public async Task A_read_for_nothing_waits_until_there_is_something_and_takes_nothing()
    {
        var pipe = new Pipe();
        await using var rewritten = new LinkRewritingStream(pipe.Reader.AsStream(), LinkBodies.Rules);

        var nothing = rewritten.ReadAsync(Memory<byte>.Empty);
        Assert.False(nothing.IsCompleted);
        await pipe.Writer.WriteAsync("{\"self\":\"/wiki\"}"u8.ToArray());
        Assert.Equal(0, await nothing);

        var buffer = new byte[10];
        Assert.Equal(10, await rewritten.ReadAsync(buffer));
        Assert.Equal(0, await rewritten.ReadAsync(Memory<byte>.Empty));
        await pipe.Writer.CompleteAsync();
        using var rest = new MemoryStream();
        await rewritten.CopyToAsync(rest);
        Assert.Equal("{\"self\":\"/confluence/demo/wiki\"}", Encoding.UTF8.GetString([.. buffer, .. rest.ToArray()]));
        Assert.Equal(0, await rewritten.ReadAsync(Memory<byte>.Empty));
    }

    [Fact]
    public async Task A_read_that_was_cancelled_loses_and_repeats_nothing()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("{\"self\":\"/wi"u8.ToArray());
        await using var rewritten = new LinkRewritingStream(pipe.Reader.AsStream(), LinkBodies.Rules);
        var buffer = new byte[4096];
        var count = await rewritten.ReadAsync(buffer);

        using var cancelled = new CancellationTokenSource();
        var waiting = rewritten.ReadAsync(buffer.AsMemory(count), cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await pipe.Writer.WriteAsync("ki\"}"u8.ToArray());
        count += await rewritten.ReadAsync(buffer.AsMemory(count));
        Assert.Equal("{\"self\":\"/confluence/demo/wiki\"}", Encoding.UTF8.GetString(buffer, 0, count));
    }

    private sealed class OneLongString(long length) : ForwardStream
    {
        private long _position;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, length - _position);
            buffer.Span[..count].Fill((byte)'x');
            if (_position == 0)
            {
                "{\"body\":\""u8.CopyTo(buffer.Span);
            }

            _position += count;
            return ValueTask.FromResult(count);
        }
    }
}
