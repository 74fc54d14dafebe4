using Microsoft.AspNetCore.WebUtilities;

namespace AtlassianSimulator.OAuth;

/// <summary>What became of the query of <c>/authorize</c> (RFC 6749, section 4.1.1).</summary>
internal abstract record AuthorizeRequest
{
    /// <summary>Everything is in order; a person may be asked.</summary>
    public sealed record Valid(OAuthApp App, string RedirectUri, IReadOnlyList<string> Scopes, string? State, string? LoginHint) : AuthorizeRequest
    {
        public string Redirect(string name, string value, string? description = null)
        {
            var target = QueryHelpers.AddQueryString(RedirectUri, name, value);
            target = description is null ? target : QueryHelpers.AddQueryString(target, "error_description", description);
            return State is null ? target : QueryHelpers.AddQueryString(target, "state", State);
        }

        // A record prints its members; this one holds the state.
        public override string ToString() => $"{nameof(Valid)} for {App.ClientId}";
    }

    /// <summary>The app or its callback is not known: the callback must never be called.</summary>
    public sealed record Untrusted(string Error, string Description) : AuthorizeRequest;

    /// <summary>The callback is told what is wrong.</summary>
    public sealed record Refused(string RedirectTo) : AuthorizeRequest;

    public static AuthorizeRequest Read(IQueryCollection query, OAuthApps apps)
    {
        if (apps.Find(query["client_id"]) is not { } app)
        {
            return new Untrusted("unauthorized_client", "client_id is not known");
        }

        var redirectUri = query["redirect_uri"].ToString();
        if (!app.Accepts(redirectUri))
        {
            return new Untrusted("unauthorized_client", "redirect_uri is not registered for client");
        }

        var valid = new Valid(app, redirectUri, OAuth.Scopes.Parse(query["scope"]), query["state"], query["login_hint"]);
        if (query["response_type"] != "code")
        {
            return new Refused(valid.Redirect("error", "unsupported_response_type", "response_type must be code"));
        }

        if (query["audience"] is [{ Length: > 0 } audience] && audience != "api.atlassian.com")
        {
            return new Refused(valid.Redirect("error", "access_denied", "audience must be api.atlassian.com"));
        }

        return valid.Scopes.Count == 0
            ? new Refused(valid.Redirect("error", "invalid_scope", "scope is required"))
            : valid;
    }
}
