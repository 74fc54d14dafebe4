namespace ConfluenceGateway.Callers;

/// <summary>Who may send requests to the traffic listener.</summary>
internal sealed class CallersOptions
{
    /// <summary>The section's name.</summary>
    public const string SectionName = "Callers";

    /// <summary>Whether a request needs a caller key. <see cref="CallersMode.Open"/> by default.</summary>
    public CallersMode Mode { get; set; }
}

/// <summary>What a request must bring to be forwarded.</summary>
internal enum CallersMode
{
    /// <summary>Nothing: whoever reaches the listener may use every connection.</summary>
    Open,

    /// <summary>A caller key that is for the connection and for what is done.</summary>
    Key,
}
