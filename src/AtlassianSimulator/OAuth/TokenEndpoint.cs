using AtlassianSimulator.Control;
using AtlassianSimulator.Edge;
using AtlassianSimulator.Faults;

namespace AtlassianSimulator.OAuth;

/// <summary><c>POST /oauth/token</c>: exchanges authorization codes and refresh tokens.</summary>
internal sealed class TokenEndpoint(
    OAuthApps apps, AuthorizationCodes codes, Grants grants, AccessTokens accessTokens, RefreshExchange exchange,
    LiveSettings settings, FaultList faults, FaultAnswers faultAnswers, Counters counters)
{
    public async Task HandleAsync(HttpContext http)
    {
        // Once the request is read nothing stops the exchange: a client that gives up has spent its token all the same.
        var request = await TokenRequest.ReadAsync(http.Request, http.RequestAborted);
        var grant = request?["refresh_token"] is { } sent ? grants.FindRefreshToken(sent)?.Grant : null;
        var due = faults.Take(FaultEndpoint.Token, grant?.Id, http.Request.Path);

        TokenAnswer? answer = null;
        using (grant?.Begin())
        {
            if (await faultAnswers.BeforeAsync(http, due))
            {
                return;
            }

            answer = Answer(request, due);
            await faultAnswers.DelayAsync(due, FaultPhase.AfterSpend);
        }

        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        await FaultAnswers.AnswerAsync(http, due, Json.Bytes(answer.Body), answer.Status);
    }

    private TokenAnswer Answer(TokenRequest? request, DueFaults due)
    {
        if (request is null)
        {
            return TokenAnswer.Malformed("The request body must be JSON or a form");
        }

        if (request["grant_type"] is not { } grantType)
        {
            return TokenAnswer.Malformed("grant_type is required");
        }

        if (request["client_id"] is not { } clientId)
        {
            return TokenAnswer.Malformed("client_id is required");
        }

        if (apps.Authenticate(clientId, request["client_secret"]) is not { } app)
        {
            return TokenAnswer.WrongClient;
        }

        return grantType switch
        {
            "authorization_code" => Code(request, app, due),
            "refresh_token" => Refresh(request, app, due),
            _ => TokenAnswer.Malformed("grant_type is not supported"),
        };
    }

    private TokenAnswer Code(TokenRequest request, OAuthApp app, DueFaults due)
    {
        if (request["code"] is not { } code)
        {
            return TokenAnswer.Malformed("code is required");
        }

        if (request["redirect_uri"] is not { } redirectUri)
        {
            return TokenAnswer.Malformed("redirect_uri is required");
        }

        if (codes.Redeem(code, app, redirectUri) is not { } consent)
        {
            return TokenAnswer.InvalidCode;
        }

        counters.CodeExchange();
        var grant = grants.Create(consent.Account, app.ClientId, consent.Scopes, consent.Sites);
        var lifetime = settings.Current.AccessTokenLifetime;
        lock (grant.Gate)
        {
            return TokenAnswer.Tokens(
                accessTokens.Issue(grant, lifetime, due.AccessTokenDiesAfter),
                grant.Scopes.Contains(Scopes.OfflineAccess) ? grants.IssueRefreshToken(grant) : null,
                lifetime,
                grant.ScopeText);
        }
    }

    private TokenAnswer Refresh(TokenRequest request, OAuthApp app, DueFaults due)
    {
        if (request["refresh_token"] is not { } sent)
        {
            return TokenAnswer.Malformed("refresh_token is required");
        }

        counters.RefreshAttempt();
        var keepSent = settings.Current.OmitRefreshToken || due.OmitRefreshToken;
        switch (exchange.Exchange(sent, app, keepSent, due.AccessTokenDiesAfter))
        {
            case RefreshOutcome.Granted granted:
                counters.RefreshExchange();
                return TokenAnswer.Tokens(granted.AccessToken, granted.RefreshToken, granted.Lifetime, granted.Grant.ScopeText);
            case RefreshOutcome.OfAnotherApp:
                counters.RefreshRejection();
                return TokenAnswer.InvalidRefreshToken;
            default:
                counters.RefreshRejection();
                return TokenAnswer.DeadRefreshToken(settings.Current.DeadTokenAnswer);
        }
    }
}
