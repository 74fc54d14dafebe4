namespace ConfluenceGateway.Callers;

/// <summary>How what a page says is to be taken.</summary>
public enum StatusKind
{
    /// <summary>Something to know.</summary>
    Neutral,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>It works, or can, when somebody looks at it.</summary>
    Attention,

    /// <summary>It did not work.</summary>
    Bad,
}
