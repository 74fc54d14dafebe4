using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Proxy;

/// <summary>
/// A request body that remembers its beginning while it streams by, so that it can be sent again: what was read comes from
/// memory, the rest still from the caller. Past the limit it only streams.
/// </summary>
internal sealed class ReplayableBody(Stream body, int limit) : ForwardStream
{
    private MemoryStream? _read = new();
    private int _position;

    /// <summary>Whether no more was read than could be kept.</summary>
    public bool CanRewind => _read is not null;

    /// <summary>Goes back to the beginning; false when more was read than could be kept.</summary>
    public bool TryRewind()
    {
        _position = 0;
        return _read is not null;
    }

    /// <inheritdoc />
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_read is not null && _position < _read.Length)
        {
            var again = _read.GetBuffer().AsSpan(_position, (int)Math.Min(buffer.Length, _read.Length - _position));
            again.CopyTo(buffer.Span);
            _position += again.Length;
            return again.Length;
        }

        var count = await body.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..count]);
        return count;
    }

    private void Keep(ReadOnlySpan<byte> read)
    {
        if (_read is null)
        {
            return;
        }

        if (_read.Length + read.Length > limit)
        {
            _read = null;
            return;
        }

        _read.Position = _read.Length;
        _read.Write(read);
        _position += read.Length;
    }
}
