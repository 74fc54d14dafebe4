namespace AtlassianSimulator.Accounts;

/// <summary>The accounts and sites of the simulated world; the same in every run.</summary>
internal sealed class AccountDirectory
{
    public const string AcmeCloudId = "11111111-1111-4111-8111-111111111111";
    public const string GlobexCloudId = "22222222-2222-4222-8222-222222222222";

    public AccountDirectory()
    {
        Acme = new Site(AcmeCloudId, "acme", new Uri("https://acme.atlassian.net"), []);
        Globex = new Site(GlobexCloudId, "globex", new Uri("https://globex.atlassian.net"),
        [
            "delete:page:confluence", "delete:blogpost:confluence", "delete:comment:confluence", "delete:attachment:confluence",
            "manage:confluence-configuration",
        ]);
        Alice = new Account("alice", "712020:a11ce000-0000-4000-8000-000000000001", "Alice Archer", "alice@example.com", [Acme, Globex]);
        Bob = new Account("bob", "712020:b0b00000-0000-4000-8000-000000000002", "Bob Baker", "bob@example.com", [Acme]);
        Guest = new Account("guest", "712020:90e57000-0000-4000-8000-000000000003", "Gus Guest", "guest@example.com", []);
        Accounts = [Alice, Bob, Guest];
        Sites = [Acme, Globex];
    }

    public Site Acme { get; }

    public Site Globex { get; }

    public Account Alice { get; }

    public Account Bob { get; }

    public Account Guest { get; }

    public IReadOnlyList<Account> Accounts { get; }

    public IReadOnlyList<Site> Sites { get; }

    /// <summary>The account of that name, e-mail address or account id.</summary>
    public Account? FindAccount(string? hint) => Accounts.FirstOrDefault(account =>
        account.Name.Equals(hint, StringComparison.OrdinalIgnoreCase)
        || account.Email.Equals(hint, StringComparison.OrdinalIgnoreCase)
        || account.AccountId == hint);

    public Site? FindSite(string? cloudId) =>
        Sites.FirstOrDefault(site => site.CloudId.Equals(cloudId, StringComparison.OrdinalIgnoreCase));
}
