using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AtlassianSimulator.OAuth;

/// <summary>The registered apps; the first one comes from the configuration.</summary>
internal sealed class OAuthApps
{
    private readonly ConcurrentDictionary<string, OAuthApp> _apps = new(StringComparer.Ordinal);
    private readonly string _default;

    public OAuthApps(SimulatorOptions options)
    {
        _default = options.ClientId;
        Register(new OAuthApp(options.ClientId, options.ClientSecret, "Simulated app", options.RedirectUris));
    }

    public OAuthApp Default => _apps[_default];

    public OAuthApp? Find(string? clientId) => clientId is not null && _apps.TryGetValue(clientId, out var app) ? app : null;

    /// <summary>Registers an app; one with the same client id is replaced.</summary>
    public void Register(OAuthApp app) => _apps[app.ClientId] = app;

    public void ChangeDefaultSecret(string secret) => Register(Default with { ClientSecret = secret });

    /// <summary>The app, if the secret is its own.</summary>
    public OAuthApp? Authenticate(string? clientId, string? secret) =>
        Find(clientId) is { } app
        && secret is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(app.ClientSecret), Encoding.UTF8.GetBytes(secret))
            ? app
            : null;
}
