namespace AtlassianSimulator.Accounts;

/// <summary>A person with an Atlassian account, and the sites that person may use.</summary>
internal sealed record Account(string Name, string AccountId, string DisplayName, string Email, IReadOnlyList<Site> Sites)
{
    public Uri Picture => new($"https://avatar-management--avatars.us-west-2.prod.public.atl-paas.net/{AccountId}/128");

    public bool MayUse(Site site) => Sites.Contains(site);
}
