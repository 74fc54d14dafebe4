using AtlassianSimulator.Accounts;
using AtlassianSimulator.Control;
using Microsoft.AspNetCore.WebUtilities;

namespace AtlassianSimulator.OAuth;

/// <summary><c>/authorize</c>: shows the consent page and takes the answer.</summary>
internal sealed class AuthorizeEndpoint(
    OAuthApps apps, AccountDirectory directory, ConsentTransactions transactions, AuthorizationCodes codes, LiveSettings settings, Counters counters)
{
    public Task ShowAsync(HttpContext http)
    {
        counters.AuthorizeRequest();
        switch (AuthorizeRequest.Read(http.Request.Query, apps))
        {
            case AuthorizeRequest.Untrusted untrusted:
                http.Response.Redirect(QueryHelpers.AddQueryString("/error", new Dictionary<string, string?>
                {
                    ["error"] = untrusted.Error,
                    ["error_description"] = untrusted.Description,
                }));
                return Task.CompletedTask;
            case AuthorizeRequest.Refused refused:
                http.Response.Redirect(refused.RedirectTo);
                return Task.CompletedTask;
            case AuthorizeRequest.Valid valid when settings.Current.AutoConsent:
                var account = directory.FindAccount(valid.LoginHint) ?? directory.FindAccount(settings.Current.AutoConsentAccount) ?? directory.Alice;
                Accept(http, valid, account, AutoConsentSites(account));
                return Task.CompletedTask;
            case AuthorizeRequest.Valid valid:
                return ConsentAsync(http, valid, directory.FindAccount(valid.LoginHint) ?? directory.Alice, message: null);
            default:
                throw new InvalidOperationException("Not an outcome of reading an authorization request");
        }
    }

    public async Task DecideAsync(HttpContext http)
    {
        if (await FormBody.ReadAsync(http.Request, http.RequestAborted) is not { } form)
        {
            await PageWriter.WriteAsync(http, 400, ErrorPage.Html("invalid_request", "The consent form was not posted as a form"));
            return;
        }

        if (transactions.Take(form["transaction"]) is not { } transaction)
        {
            await PageWriter.WriteAsync(http, 400, ErrorPage.Html("invalid_request", "This consent page was already answered, or is too old. Start again from the app."));
            return;
        }

        if (form["decision"] != "accept")
        {
            http.Response.Redirect(transaction.Request.Redirect("error", "access_denied", "User did not authorize the request"));
            return;
        }

        var chosen = transaction.Account.Sites.Where(site => form["site"].Contains(site.CloudId)).ToList();
        if (chosen.Count == 0 && transaction.Account.Sites.Count > 0)
        {
            await ConsentAsync(http, transaction.Request, transaction.Account, "Choose at least one site.");
            return;
        }

        Accept(http, transaction.Request, transaction.Account, chosen);
    }

    public static Task ShowErrorAsync(HttpContext http) => PageWriter.WriteAsync(
        http, 400, ErrorPage.Html(http.Request.Query["error"].ToString(), http.Request.Query["error_description"].ToString()));

    private Task ConsentAsync(HttpContext http, AuthorizeRequest.Valid request, Account account, string? message)
    {
        var transaction = transactions.Open(request, account);
        var others = directory.Accounts.Select(other => (other, Link: LinkFor(request, other))).ToList();
        return PageWriter.WriteAsync(http, 200, ConsentPage.Html(request, account, others, transaction, message));
    }

    private void Accept(HttpContext http, AuthorizeRequest.Valid request, Account account, IReadOnlyList<Site> sites)
    {
        var code = codes.Issue(new Consent(request.App, request.RedirectUri, request.Scopes, account, sites));
        http.Response.Redirect(request.Redirect("code", code));
    }

    private List<Site> AutoConsentSites(Account account)
    {
        var wanted = settings.Current.AutoConsentSites;
        return [.. account.Sites.Where(site => wanted.Count == 0 || wanted.Contains(site.CloudId, StringComparer.OrdinalIgnoreCase))];
    }

    // Choosing another account is the same request with another hint, so it needs no script.
    private static string LinkFor(AuthorizeRequest.Valid request, Account account) => QueryHelpers.AddQueryString("/authorize", new Dictionary<string, string?>
    {
        ["audience"] = "api.atlassian.com",
        ["client_id"] = request.App.ClientId,
        ["scope"] = string.Join(' ', request.Scopes),
        ["redirect_uri"] = request.RedirectUri,
        ["state"] = request.State,
        ["response_type"] = "code",
        ["prompt"] = "consent",
        ["login_hint"] = account.Name,
    });
}
