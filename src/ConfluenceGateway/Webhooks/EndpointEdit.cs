using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Webhooks;

/// <summary>What an operator changes of an endpoint; null leaves a value as it is.</summary>
/// <param name="Url">Where it is.</param>
/// <param name="Description">What people call it, up to 200 characters.</param>
/// <param name="Events">The types it is sent; empty for all.</param>
/// <param name="Enabled">Whether it is sent anything.</param>
public sealed record EndpointEdit(string? Url, string? Description, IReadOnlyList<string>? Events, bool? Enabled)
{
    private const int MaxDescription = 200;

    /// <summary>Every type that can be asked for.</summary>
    internal static IReadOnlyList<string> KnownEvents { get; } =
    [
        ConnectionEvents.Connected, ConnectionEvents.ReauthRequired, ConnectionEvents.Recovered, ConnectionEvents.Expiring, ConnectionEvents.Paused,
        ConnectionEvents.Resumed, ConnectionEvents.Deleted, ConnectionEvents.Misconfigured, ConnectionEvents.AppRecovered,
    ];

    /// <summary>The first field that is not valid, and the remedy; null when all are.</summary>
    /// <param name="allowPrivateNetworks">As <c>Webhooks:AllowPrivateNetworks</c> says.</param>
    public (string Field, string Remedy)? Refusal(bool allowPrivateNetworks) =>
        Url is not null && EndpointUrl.Refusal(Url, allowPrivateNetworks) is { } refusal ? ("url", refusal)
        : Description is { Length: > MaxDescription } ? ("description", $"must have at most {MaxDescription} characters.")
        : Events?.Where(type => !KnownEvents.Contains(type)).Select(type => type ?? "null").FirstOrDefault() is { } unknown ? ("events", $"'{unknown}' is no event. There are {string.Join(", ", KnownEvents)}; leave the list empty for all.")
        : null;
}
