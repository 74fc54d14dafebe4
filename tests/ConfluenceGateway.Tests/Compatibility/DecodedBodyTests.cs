using System.IO.Compression;
using System.Text;
using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>A decoded body ends with the encoded one, not where its decoder has enough.</summary>
public sealed class DecodedBodyTests
{
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"results\":[]}");

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task It_reads_the_encoded_body_to_its_end(string coding)
    {
        var encoded = new WatchedBody([.. Compression.Of(Body, coding)]);
        await using var decoded = new DecodedBody(encoded, Decoder(coding));
        using var all = new MemoryStream();

        await decoded.CopyToAsync(all);

        Assert.Equal(Body, all.ToArray());
        Assert.True(encoded.EndWasSeen);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task No_body_is_no_broken_one(string coding)
    {
        await using var decoded = new DecodedBody(new WatchedBody([]), Decoder(coding));

        Assert.Equal(0, await decoded.ReadAsync(new byte[16]));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task A_body_that_breaks_off_is_not_taken_for_one_that_ended(string coding)
    {
        await using var decoded = new DecodedBody(new WatchedBody(Compression.Of(Body, coding)[..^3]), Decoder(coding));

        await Assert.ThrowsAsync<InvalidDataException>(() => decoded.CopyToAsync(Stream.Null));
    }

    private static Func<Stream, Stream> Decoder(string coding) => encoded => coding switch
    {
        "gzip" => new GZipStream(encoded, CompressionMode.Decompress),
        "br" => new BrotliStream(encoded, CompressionMode.Decompress),
        _ => new ZLibStream(encoded, CompressionMode.Decompress),
    };

    /// <summary>A body given a byte at a time, that knows whether its reader came to the end.</summary>
    private sealed class WatchedBody(byte[] body) : ForwardStream
    {
        private int _position;

        public bool EndWasSeen { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_position == body.Length)
            {
                EndWasSeen = true;
                return ValueTask.FromResult(0);
            }

            buffer.Span[0] = body[_position++];
            return ValueTask.FromResult(1);
        }
    }
}
