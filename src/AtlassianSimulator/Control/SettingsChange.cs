using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.Control;

/// <summary>Checks and carries out a change of settings.</summary>
internal static class SettingsChange
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    /// <exception cref="ControlInputException">A value is out of range.</exception>
    public static void Check(SimulatorSettingsChange change, AccountDirectory directory)
    {
        CheckSpan("accessTokenLifetime", change.AccessTokenLifetime, Second, TimeSpan.FromDays(1));
        CheckSpan("reuseInterval", change.ReuseInterval, TimeSpan.Zero, TimeSpan.FromDays(1));
        CheckSpan("inactivityLimit", change.InactivityLimit, Second, TenYears);
        CheckSpan("consentLifetime", change.ConsentLifetime, Second, TenYears);
        CheckSpan("codeLifetime", change.CodeLifetime, Second, TimeSpan.FromHours(1));
        if (change.AutoConsentAccount is { } account && directory.FindAccount(account) is null)
        {
            throw new ControlInputException("autoConsentAccount", $"must be one of {string.Join(", ", directory.Accounts.Select(known => known.Name))}");
        }

        if (change.AutoConsentSites?.FirstOrDefault(site => directory.FindSite(site) is null) is { } unknown)
        {
            throw new ControlInputException("autoConsentSites", $"has an unknown cloud id: {unknown}");
        }

        if (change.ClientSecret is "")
        {
            throw new ControlInputException("clientSecret", "must not be empty");
        }
    }

    public static SimulatorSettings Apply(SimulatorSettingsChange change, SimulatorSettings current) => new(
        change.AutoConsent ?? current.AutoConsent,
        change.AutoConsentAccount ?? current.AutoConsentAccount,
        change.AutoConsentSites ?? current.AutoConsentSites,
        change.AccessTokenLifetime ?? current.AccessTokenLifetime,
        change.ReuseInterval ?? current.ReuseInterval,
        change.InactivityLimit ?? current.InactivityLimit,
        change.ConsentLifetime ?? current.ConsentLifetime,
        change.CodeLifetime ?? current.CodeLifetime,
        change.DeadTokenAnswer ?? current.DeadTokenAnswer,
        change.OmitRefreshToken ?? current.OmitRefreshToken,
        change.RemovedV1 ?? current.RemovedV1,
        change.ExpiredAccessToken ?? current.ExpiredAccessToken);

    private static void CheckSpan(string field, TimeSpan? value, TimeSpan least, TimeSpan most)
    {
        if (value < least || value > most)
        {
            throw new ControlInputException(field, $"must be between {least:c} and {most:c}");
        }
    }
}
