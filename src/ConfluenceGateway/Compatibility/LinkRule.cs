namespace ConfluenceGateway.Compatibility;

/// <summary>What a link may begin with, and what it begins with then.</summary>
internal sealed record LinkRule(string From, string To);
