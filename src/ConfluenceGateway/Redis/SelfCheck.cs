namespace ConfluenceGateway.Redis;

/// <summary>The outcome of one check of the self-audit.</summary>
/// <param name="Name">Its stable name, a label of the metric.</param>
/// <param name="Passed">Whether it passed; null when the server does not let it be told.</param>
/// <param name="Detail">What was found, and for a failed one the remedy.</param>
public sealed record SelfCheck(string Name, bool? Passed, string Detail);
