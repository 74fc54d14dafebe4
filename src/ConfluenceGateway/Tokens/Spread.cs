using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ConfluenceGateway.Tokens;

/// <summary>Spreads in time what would else happen at once.</summary>
internal static class Spread
{
    /// <summary>From 0 to 1, evenly spread over all words; the same word gives the same value in every process.</summary>
    public static double Of(string word) =>
        BinaryPrimitives.ReadUInt32LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(word))) / (double)uint.MaxValue;
}
