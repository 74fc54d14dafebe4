namespace ConfluenceGateway.Compatibility;

/// <summary>
/// A body without its content coding. It ends only once <paramref name="encoded"/> has: a decoder may stop earlier, and the
/// trailers come after the last byte.
/// </summary>
/// <param name="encoded">The body as it came.</param>
/// <param name="decoder">Reads <paramref name="encoded"/>, and disposes it when this stream is disposed.</param>
internal sealed class DecodedBody(Stream encoded, Stream decoder) : ForwardStream
{
    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await decoder.ReadAsync(buffer, cancellationToken);
        if (count == 0 && !buffer.IsEmpty)
        {
            await encoded.CopyToAsync(Null, cancellationToken);
        }

        return count;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
        }

        base.Dispose(disposing);
    }
}
