namespace ConfluenceGateway.Connections;

/// <summary>
/// Ids in the order of time: UUIDs of version 7 (RFC 9562 section 5.7). Those that one process makes in one millisecond are in the
/// order they were made, by a counter of 26 bits after the time (section 6.2, method 1), which never begins anew.
/// </summary>
internal static class TimeOrderedId
{
    private static int _made;

    /// <summary>A new id.</summary>
    /// <param name="prefix">Says what it is the id of, such as <c>evt_</c>.</param>
    /// <param name="at">The time it stands for.</param>
    public static string New(string prefix, DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(at).TryWriteBytes(bytes, bigEndian: true, out _);
        var count = Interlocked.Increment(ref _made);
        // Around the version and the variant, which have fixed places.
        (bytes[6], bytes[7]) = ((byte)(0x70 | ((count >> 22) & 0xF)), (byte)(count >> 14));
        (bytes[8], bytes[9]) = ((byte)(0x80 | ((count >> 8) & 0x3F)), (byte)count);
        return prefix + Convert.ToHexStringLower(bytes);
    }
}
