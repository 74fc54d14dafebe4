namespace AtlassianSimulator.Confluence;

/// <summary>A body that is converted in the background. Guarded by the site's gate.</summary>
internal sealed class BodyConversion(string value, string representation)
{
    private int _looks;

    public string Value { get; } = value;

    public string Representation { get; } = representation;

    /// <summary>The first look finds it at work, so that a client that does not wait is noticed.</summary>
    public bool IsDoneWhenLookedAt() => ++_looks > 1;
}
