using System.Collections.Concurrent;
using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.OAuth;

/// <summary>What a person agreed to, waiting to be exchanged for tokens.</summary>
internal sealed record Consent(OAuthApp App, string RedirectUri, IReadOnlyList<string> Scopes, Account Account, IReadOnlyList<Site> Sites);

/// <summary>Authorization codes: single use, short life, bound to the app and its redirect URI (RFC 6749, section 4.1.2).</summary>
internal sealed class AuthorizationCodes(SimulatorClock clock, LiveSettings settings, TokenMint mint)
{
    private readonly ConcurrentDictionary<string, (Consent Consent, DateTimeOffset ExpiresAt)> _codes = new(StringComparer.Ordinal);

    public string Issue(Consent consent)
    {
        var lifetime = settings.Current.CodeLifetime;
        var code = mint.Code(consent.App.ClientId, consent.Account.AccountId, lifetime);
        _codes[TokenSigner.Fingerprint(code)] = (consent, clock.GetUtcNow() + lifetime);
        return code;
    }

    /// <summary>Spends a code; null when it is unknown, used, too old, or not this app's and redirect URI's.</summary>
    public Consent? Redeem(string code, OAuthApp app, string redirectUri) =>
        _codes.TryRemove(TokenSigner.Fingerprint(code), out var issued)
        && issued.ExpiresAt > clock.GetUtcNow()
        && issued.Consent.App.ClientId == app.ClientId
        && issued.Consent.RedirectUri == redirectUri
            ? issued.Consent
            : null;
}
