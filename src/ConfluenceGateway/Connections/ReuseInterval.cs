namespace ConfluenceGateway.Connections;

/// <summary>How long after it was spent Atlassian takes a refresh token again; <c>Refresh:ReuseInterval</c>.</summary>
internal sealed record ReuseInterval(TimeSpan Length)
{
    /// <summary>
    /// Whether the pair that <paramref name="exchange"/> gave should give way to a later exchange of the same token that has no
    /// answer yet. That one may have made the pair void, so as long as there is time to send the token once more, its pair or
    /// the next is the safer one. After that the pair is the only hope, void or not.
    /// </summary>
    public bool LeavesTimeAfter(Exchange exchange, DateTimeOffset now) => now < exchange.BegunAt + Length / 2;
}
