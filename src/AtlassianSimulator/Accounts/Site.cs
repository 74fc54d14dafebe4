namespace AtlassianSimulator.Accounts;

/// <summary>A cloud site: what accessible-resources calls a resource.</summary>
/// <param name="WithheldScopes">Scopes that a grant never has here, so that two sites of one grant differ as they do in life.</param>
internal sealed record Site(string CloudId, string Name, Uri Url, IReadOnlyList<string> WithheldScopes)
{
    /// <summary>What Confluence puts into <c>_links.base</c>.</summary>
    public string WikiBase => $"{Url.GetLeftPart(UriPartial.Authority)}/wiki";

    public static Uri AvatarUrl { get; } = new("https://site-admin-avatar-cdn.prod.public.atl-paas.net/avatars/240/flag.png");
}
