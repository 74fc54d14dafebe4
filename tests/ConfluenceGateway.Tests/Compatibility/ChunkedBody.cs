using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>A body that arrives in chunks of the sizes given, the last of them over and over.</summary>
internal sealed class ChunkedBody(byte[] body, params int[] sizes) : ForwardStream
{
    private int _position;
    private int _chunk;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var size = Math.Min(sizes[Math.Min(_chunk++, sizes.Length - 1)], Math.Min(buffer.Length, body.Length - _position));
        body.AsSpan(_position, size).CopyTo(buffer.Span);
        _position += size;
        return ValueTask.FromResult(size);
    }
}
