using AtlassianSimulator.Accounts;

namespace AtlassianSimulator;

/// <summary>Holds the settings in force; a change replaces all of them at once.</summary>
internal sealed class LiveSettings(SimulatorOptions options, AccountDirectory directory)
{
    private readonly Lock _gate = new();

    private volatile SimulatorSettings _current = new(
        options.AutoConsent,
        directory.Alice.Name,
        [],
        options.AccessTokenLifetime,
        options.ReuseInterval,
        options.InactivityLimit,
        options.ConsentLifetime,
        options.CodeLifetime,
        options.DeadTokenAnswer,
        options.OmitRefreshToken,
        options.RemovedV1,
        options.ExpiredAccessToken);

    public SimulatorSettings Current => _current;

    public SimulatorSettings Change(Func<SimulatorSettings, SimulatorSettings> change)
    {
        lock (_gate)
        {
            return _current = change(_current);
        }
    }
}
