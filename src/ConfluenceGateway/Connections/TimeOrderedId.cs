namespace ConfluenceGateway.Connections;

/// <summary>
/// Ids in the order of time: UUIDs of version 7 (RFC 9562 section 5.7). Those that one process makes in one millisecond are in the
/// order they were made, by a counter in the twelve bits after the time (section 6.2, method 1).
/// </summary>
internal static class TimeOrderedId
{
    private const int MostCounted = 0xFFF;
    private static readonly Lock Counting = new();
    private static long _millisecond;
    private static int _counted;

    /// <summary>A new id.</summary>
    /// <param name="prefix">Says what it is the id of, such as <c>evt_</c>.</param>
    /// <param name="at">The time it stands for.</param>
    public static string New(string prefix, DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(bytes, bigEndian: true, out _);
        var count = Count(at.ToUnixTimeMilliseconds());
        (bytes[6], bytes[7]) = ((byte)(0x70 | (count >> 8)), (byte)count);
        return prefix + Convert.ToHexStringLower(bytes);
    }

    private static int Count(long millisecond)
    {
        lock (Counting)
        {
            _counted = millisecond == _millisecond ? Math.Min(_counted + 1, MostCounted) : 0;
            _millisecond = millisecond;
            return _counted;
        }
    }
}
