namespace ConfluenceGateway.Compatibility;

/// <summary>A link that begins with <paramref name="From"/>, up to a boundary in the URL, begins with <paramref name="To"/> for the app.</summary>
/// <param name="From">The beginning as Atlassian writes it, unescaped and without a trailing slash.</param>
/// <param name="To">What stands there instead, unescaped.</param>
internal sealed record LinkRule(string From, string To);
