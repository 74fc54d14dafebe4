namespace ConfluenceGateway.Compatibility;

/// <summary>
/// A body without its content coding. It ends only once the encoded one has: a decoder may stop earlier, and the trailers
/// come after the last byte.
/// </summary>
internal sealed class DecodedBody : ForwardStream
{
    private readonly EncodedBody _encoded;
    private readonly Stream _decoder;

    /// <param name="encoded">The body as it came.</param>
    /// <param name="decoder">Makes what reads it, and disposes it when this stream is disposed.</param>
    public DecodedBody(Stream encoded, Func<Stream, Stream> decoder)
    {
        _encoded = new EncodedBody(encoded);
        _decoder = decoder(_encoded);
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var count = await _decoder.ReadAsync(buffer, cancellationToken);
            if (count == 0 && !buffer.IsEmpty)
            {
                await _encoded.CopyToAsync(Null, cancellationToken);
            }

            return count;
        }
        catch (InvalidDataException) when (_encoded.IsEmpty)
        {
            // No body at all is no broken one, whatever the headers say.
            return 0;
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _decoder.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The body as it came, and whether anything did.</summary>
    private sealed class EncodedBody(Stream body) : ForwardStream
    {
        public bool IsEmpty { get; private set; } = true;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = await body.ReadAsync(buffer, cancellationToken);
            IsEmpty &= count == 0;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
