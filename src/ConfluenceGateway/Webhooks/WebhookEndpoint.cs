using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Webhooks;

/// <summary>Where events are sent. Its secrets are read apart, so that nothing which shows an endpoint can show them.</summary>
/// <param name="Id">Its name: <see cref="ConfiguredId"/>, or a random one.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Description">What people call it.</param>
/// <param name="Events">The types it is sent; empty for all.</param>
/// <param name="Enabled">Whether it is sent anything.</param>
/// <param name="GoneAt">When it answered 410 and was disabled for that; null when it did not.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="LastSecretUntil">Until when the secret before the present one signs too; null when there is none.</param>
public sealed record WebhookEndpoint(
    string Id, string Url, string? Description, IReadOnlyList<string> Events, bool Enabled, DateTimeOffset? GoneAt, DateTimeOffset CreatedAt, DateTimeOffset? LastSecretUntil)
{
    /// <summary>The id of the endpoint that <c>Webhooks:Url</c> makes.</summary>
    public const string ConfiguredId = "configured";

    private const string Prefix = "wh_";

    /// <summary>An id that no other endpoint has; ids sort by when they were made.</summary>
    public static string NewId(DateTimeOffset now) => TimeOrderedId.New(Prefix, now);

    /// <summary>Whether <paramref name="text"/> can be an id, and so part of a key's name.</summary>
    public static bool IsId(string text) =>
        text == ConfiguredId || text.StartsWith(Prefix, StringComparison.Ordinal) && Guid.TryParseExact(text[Prefix.Length..], "N", out _);

    /// <summary>Whether it is sent events of <paramref name="type"/>.</summary>
    public bool Wants(string type) => Events.Count == 0 || Events.Contains(type);
}
