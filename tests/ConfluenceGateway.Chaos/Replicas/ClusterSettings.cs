namespace ConfluenceGateway.Chaos.Replicas;

/// <summary>How a cluster is set up. Tokens live shortly, so that a story sees many rotations.</summary>
internal sealed record ClusterSettings
{
    /// <summary>What a killed store keeps.</summary>
    public Persistence Persistence { get; init; } = Persistence.EveryWrite;

    /// <summary>Whether the store has a follower.</summary>
    public bool Follower { get; init; }

    /// <summary>How long a spent refresh token may be sent again.</summary>
    public TimeSpan ReuseInterval { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the token endpoint may take; a refresh lock lives 15 seconds longer.</summary>
    public TimeSpan ExchangeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>What the simulator gives for a token's life.</summary>
    public TimeSpan TokenLifetime { get; init; } = TimeSpan.FromSeconds(8);

    public int Replicas { get; init; } = 3;

    /// <summary>Settings of the first replica alone, until it is started again.</summary>
    public IReadOnlyList<string> OfTheFirst { get; init; } = [];

    public int Connections { get; init; } = 4;
}
