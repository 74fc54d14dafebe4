namespace AtlassianSimulator.OAuth;

/// <summary>An OAuth 2.0 (3LO) app as the developer console knows it.</summary>
/// <param name="RedirectUris">Callback URLs, compared exactly; none means any absolute http or https URL.</param>
internal sealed record OAuthApp(string ClientId, string ClientSecret, string Name, IReadOnlyList<string> RedirectUris)
{
    public bool Accepts(string redirectUri) =>
        RedirectUris.Count == 0 ? IsAbsoluteHttp(redirectUri) : RedirectUris.Contains(redirectUri, StringComparer.Ordinal);

    public static bool IsAbsoluteHttp(string uri) =>
        Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && (parsed.Scheme == Uri.UriSchemeHttp || parsed.Scheme == Uri.UriSchemeHttps);

    // A record prints its members; this one holds a secret.
    public override string ToString() => $"{nameof(OAuthApp)} {ClientId}";
}
