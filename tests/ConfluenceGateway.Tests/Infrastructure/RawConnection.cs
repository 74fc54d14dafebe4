using System.Globalization;
using System.Net.Sockets;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>Takes a part of a body; it may not keep it.</summary>
internal delegate void BodyPart(ReadOnlySpan<byte> part);

/// <summary>A TCP connection that carries HTTP/1.1, read without the opinions of a server or a client.</summary>
internal sealed class RawConnection(Stream stream) : IAsyncDisposable
{
    private byte[] _buffer = new byte[8 * 1024];
    private int _start;
    private int _end;

    /// <summary>Connects to a listener on this machine.</summary>
    public static async Task<RawConnection> OpenAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(url.Host, url.Port);
        return new RawConnection(new NetworkStream(socket, ownsSocket: true));
    }

    /// <summary>Whether something was sent that nobody has read yet.</summary>
    public bool HasUnread => _start < _end;

    /// <summary>The next head; null when the other side has closed before one was whole.</summary>
    public async Task<RawHead?> ReadHeadAsync()
    {
        while (true)
        {
            var unread = _buffer.AsSpan(_start, _end - _start);
            if (HeadLength(unread) is var length and > 0)
            {
                var head = RawHead.Parse(unread[..length]);
                _start += length;
                return head;
            }

            if (!await FillAsync())
            {
                return null;
            }
        }
    }

    /// <summary>Reads the body that <paramref name="head"/> announces, to the end of the connection when it announces none.</summary>
    /// <returns>The trailers' head; null when the body was not whole.</returns>
    public async Task<RawHead?> ReadBodyAsync(RawHead head, BodyPart take)
    {
        if (head.IsChunked)
        {
            return await ReadChunksAsync(take);
        }

        return await TakeAsync(head.ContentLength ?? long.MaxValue, take) || head.ContentLength is null ? RawHead.Parse([]) : null;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => stream.WriteAsync(bytes);

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    private async Task<RawHead?> ReadChunksAsync(BodyPart take)
    {
        while (await ReadLineAsync() is { } line)
        {
            var size = long.Parse(line.Split(';')[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return await ReadTrailersAsync();
            }

            if (!await TakeAsync(size, take) || await ReadLineAsync() is not "")
            {
                break;
            }
        }

        return null;
    }

    private async Task<RawHead?> ReadTrailersAsync()
    {
        var trailers = new List<RawHeader>();
        while (await ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                return new RawHead("", "", trailers);
            }

            trailers.Add(RawHeader.Parse(line));
        }

        return null;
    }

    private async Task<string?> ReadLineAsync()
    {
        int length;
        while ((length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n')) < 0)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var line = System.Text.Encoding.Latin1.GetString(_buffer, _start, length).TrimEnd('\r');
        _start += length + 1;
        return line;
    }

    private async Task<bool> TakeAsync(long length, BodyPart take)
    {
        while (length > 0)
        {
            if (_start == _end && !await FillAsync())
            {
                return false;
            }

            var part = (int)Math.Min(length, _end - _start);
            take(_buffer.AsSpan(_start, part));
            _start += part;
            length -= part;
        }

        return true;
    }

    private async Task<bool> FillAsync()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        try
        {
            var count = await stream.ReadAsync(_buffer.AsMemory(_end));
            _end += count;
            return count > 0;
        }
        catch (IOException)
        {
            // Cut off; to a reader that is an end like any other.
            return false;
        }
    }

    // Some servers take bare line feeds, so whichever empty line comes first ends the head.
    private static int HeadLength(ReadOnlySpan<byte> bytes)
    {
        var canonical = bytes.IndexOf("\r\n\r\n"u8);
        var bare = bytes.IndexOf("\n\n"u8);
        return canonical >= 0 && (bare < 0 || canonical < bare) ? canonical + 4 : bare >= 0 ? bare + 2 : 0;
    }
}
