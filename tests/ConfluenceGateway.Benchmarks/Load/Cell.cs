using System.Globalization;
using ConfluenceGateway.Benchmarks.Rig;

namespace ConfluenceGateway.Benchmarks.Load;

/// <summary>What is varied.</summary>
/// <param name="Http2">Whether the upstream offers HTTP/2 behind its TLS.</param>
/// <param name="Length">The length of an answer's body, in bytes.</param>
/// <param name="Callers">How many TCP connections callers have, each with one request at a time.</param>
/// <param name="InUse">How many Confluence connections are in use.</param>
internal sealed record Cell(bool Http2, int Length, int Callers, int InUse)
{
    public const int Many = 10_000;

    private static readonly bool[] Protocols = [false, true];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{(Http2 ? "HTTP/2" : "HTTP/1.1")}, {Length / 1000.0:0.#} KB, {Callers} caller{(Callers == 1 ? "" : "s")}, {InUse:N0} connection{(InUse == 1 ? "" : "s")}");

    /// <summary>The middle of all.</summary>
    public static IReadOnlyList<Cell> Middle { get; } = [.. from http2 in Protocols select new Cell(http2, 4_500, 64, 1)];

    /// <summary>One thing varied at a time, from the middle of all.</summary>
    public static IReadOnlyList<Cell> Star { get; } =
    [
        .. from http2 in Protocols from length in Upstream.Lengths select new Cell(http2, length, 64, 1),
        .. from http2 in Protocols from callers in (int[])[1, 8, 256] select new Cell(http2, 4_500, callers, 1),
        .. from http2 in Protocols select new Cell(http2, 4_500, 64, Many),
    ];

    /// <summary>Everything with everything.</summary>
    public static IReadOnlyList<Cell> Cube { get; } =
        [.. from http2 in Protocols from length in Upstream.Lengths from callers in (int[])[1, 8, 64, 256] from inUse in (int[])[1, Many] select new Cell(http2, length, callers, inUse)];
}
