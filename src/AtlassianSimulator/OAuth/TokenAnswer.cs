using System.Text.Json.Nodes;

namespace AtlassianSimulator.OAuth;

/// <summary>An answer of the token endpoint: the recorded statuses and bodies.</summary>
internal sealed record TokenAnswer(int Status, JsonObject Body)
{
    public static TokenAnswer Tokens(string accessToken, string? refreshToken, TimeSpan lifetime, string scope)
    {
        var body = new JsonObject
        {
            ["access_token"] = accessToken,
            ["expires_in"] = (long)lifetime.TotalSeconds,
            ["token_type"] = "Bearer",
            ["scope"] = scope,
        };
        if (refreshToken is not null)
        {
            body.Insert(1, "refresh_token", refreshToken);
        }

        return new TokenAnswer(200, body);
    }

    public static TokenAnswer DeadRefreshToken(DeadTokenAnswer answer) => answer switch
    {
        DeadTokenAnswer.Documented => Error(403, "invalid_grant", "Unknown or invalid refresh token."),
        _ => InvalidRefreshToken,
    };

    public static TokenAnswer InvalidRefreshToken => Error(403, "unauthorized_client", "refresh_token is invalid");

    public static TokenAnswer WrongClient => Error(401, "access_denied", "Unauthorized");

    public static TokenAnswer InvalidCode => Error(400, "invalid_request", "authorization_code is invalid");

    public static TokenAnswer Malformed(string description) => Error(400, "invalid_request", description);

    private static TokenAnswer Error(int status, string error, string description) =>
        new(status, new JsonObject { ["error"] = error, ["error_description"] = description });

    // A record prints its members; this one holds tokens.
    public override string ToString() => $"{nameof(TokenAnswer)} {Status}";
}
