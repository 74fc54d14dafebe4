using System.Globalization;
using System.Security.Cryptography;

namespace ConfluenceGateway.Connections;

/// <summary>The name of this process in the notes it writes; another one after each start.</summary>
internal sealed class ReplicaId
{
    /// <summary>The host's name and a random number.</summary>
    public string Value { get; init; } = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
}
