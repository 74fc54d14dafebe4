using System.Security.Cryptography;
using ConfluenceGateway.Proxy;

namespace ConfluenceGateway.Tests.Proxy;

/// <summary>A body that can be sent twice, as far as it is kept.</summary>
public sealed class ReplayableBodyTests
{
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(10_000);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_000)]
    [InlineData(10_000)]
    public async Task After_a_rewind_it_gives_the_same_bytes_however_much_was_read(int readBefore)
    {
        await using var body = new ReplayableBody(new MemoryStream(_content), limit: 10_000);
        await body.ReadExactlyAsync(new byte[readBefore]);

        Assert.True(body.TryRewind());

        Assert.Equal(_content, await RestAsync(body));
    }

    [Fact]
    public async Task It_can_be_rewound_again_and_again()
    {
        await using var body = new ReplayableBody(new MemoryStream(_content), limit: 10_000);
        foreach (var read in new[] { 3_000, 1_000, 6_000 })
        {
            await body.ReadExactlyAsync(new byte[read]);
            Assert.True(body.TryRewind());
        }

        Assert.Equal(_content, await RestAsync(body));
    }

    [Fact]
    public async Task Beyond_the_limit_it_streams_on_and_cannot_be_rewound()
    {
        await using var body = new ReplayableBody(new MemoryStream(_content), limit: 9_999);

        Assert.Equal(_content, await RestAsync(body));

        Assert.False(body.TryRewind());
    }

    [Fact]
    public async Task What_goes_beyond_the_limit_after_a_rewind_still_arrives_whole()
    {
        await using var body = new ReplayableBody(new MemoryStream(_content), limit: 5_000);
        await body.ReadExactlyAsync(new byte[4_000]);
        Assert.True(body.TryRewind());

        Assert.Equal(_content, await RestAsync(body));

        Assert.False(body.TryRewind());
    }

    [Fact]
    public async Task An_empty_body_can_be_rewound_even_if_nothing_is_kept()
    {
        await using var body = new ReplayableBody(new MemoryStream(), limit: 0);

        Assert.Empty(await RestAsync(body));

        Assert.True(body.TryRewind());
    }

    private static async Task<byte[]> RestAsync(Stream body)
    {
        using var read = new MemoryStream();
        await body.CopyToAsync(read, bufferSize: 777);
        return read.ToArray();
    }
}
