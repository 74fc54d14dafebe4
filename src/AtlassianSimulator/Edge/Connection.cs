using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace AtlassianSimulator.Edge;

/// <summary>Cuts connections on purpose.</summary>
internal static class Connection
{
    private static readonly object Mark = new();

    /// <summary>Has the connection cut, without an answer, once the request is over and recorded.</summary>
    public static void Drop(HttpContext http) => http.Items[Mark] = true;

    /// <summary>Ends the connection after what has been written is sent; <see cref="Drop"/> may throw that away.</summary>
    public static async Task EndAsync(HttpContext http)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = http.RequestAborted.Register(ended.SetResult);
        await http.Features.GetRequiredFeature<IConnectionTransportFeature>().Transport.Output.CompleteAsync();
        await ended.Task;
    }

    public static bool WasDropped(HttpContext http) => http.Items.ContainsKey(Mark);
}
