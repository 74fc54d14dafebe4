using System.Text.Json.Nodes;

namespace AtlassianSimulator.OAuth;

/// <summary>Makes tokens that look like Atlassian's: JWTs of about their size, with claims nobody should rely on.</summary>
internal sealed class TokenMint(TokenSigner signer, SimulatorClock clock)
{
    public string AccessToken(Grant grant, TimeSpan lifetime)
    {
        var claims = Claims(grant, lifetime);
        claims["scope"] = string.Join(' ', grant.Scopes);
        claims["https://atlassian.com/systemAccountEmail"] = $"{TokenSigner.Random(12)}@connect.atlassian.com";
        claims["https://atlassian.com/3lo"] = true;

        // Real ones run to about 2 KB, which is what breaks header limits and cookies.
        claims["https://id.atlassian.com/session"] = TokenSigner.Random(Math.Max(300, 1150 - grant.ScopeText.Length));
        return signer.Sign(claims);
    }

    public string RefreshToken(Grant grant, TimeSpan lifetime)
    {
        var claims = Claims(grant, lifetime);
        claims["https://id.atlassian.com/refreshChainId"] = $"{grant.ClientId}-{grant.Account.AccountId}-{grant.Id}";
        claims["https://id.atlassian.com/session"] = TokenSigner.Random(420);
        return signer.Sign(claims);
    }

    public string Code(string clientId, string accountId, TimeSpan lifetime)
    {
        var claims = Claims(clientId, accountId, lifetime);
        claims["https://id.atlassian.com/session"] = TokenSigner.Random(540);
        return signer.Sign(claims);
    }

    private JsonObject Claims(Grant grant, TimeSpan lifetime) => Claims(grant.ClientId, grant.Account.AccountId, lifetime);

    private JsonObject Claims(string clientId, string accountId, TimeSpan lifetime)
    {
        var now = clock.GetUtcNow();
        return new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["sub"] = accountId,
            ["iss"] = "https://auth.atlassian.com",
            ["aud"] = clientId,
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.ToUnixTimeSeconds(),
            ["exp"] = (now + lifetime).ToUnixTimeSeconds(),
        };
    }
}
