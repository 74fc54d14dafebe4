using System.Text.Encodings.Web;
using AtlassianSimulator.Accounts;

namespace AtlassianSimulator.OAuth;

/// <summary>The consent page: who, which sites, what for, yes or no.</summary>
internal static class ConsentPage
{
    public static string Html(
        AuthorizeRequest.Valid request, Account account, IReadOnlyList<(Account Account, string Link)> accounts, string transaction, string? message)
    {
        var scopes = string.Concat(request.Scopes.Select(scope => $"<li><code>{Encode(scope)}</code></li>"));
        return PageWriter.Page($"{Encode(request.App.Name)} is requesting access", $"""
            <h1>{Encode(request.App.Name)} is requesting access to your Atlassian account</h1>
            {(message is null ? "" : $"<p class=\"message\" role=\"alert\">{Encode(message)}</p>")}
            <nav aria-label="Account">
              <p>Signed in as <strong>{Encode(account.DisplayName)}</strong> ({Encode(account.Email)}).</p>
              <ul>{string.Concat(accounts.Where(other => other.Account != account).Select(Switch))}</ul>
            </nav>
            <form method="post" action="/authorize">
              <input type="hidden" name="transaction" value="{transaction}">
              {Sites(account)}
              <p>It asks for:</p>
              <ul>{scopes}</ul>
              <button type="submit" name="decision" value="accept">Accept</button>
              <button type="submit" name="decision" value="decline">Decline</button>
            </form>
            <p class="note">This is the Atlassian simulator, not Atlassian. Nothing you choose here touches a real account.</p>
            """);
    }

    private static string Switch((Account Account, string Link) other) =>
        $"<li><a href=\"{Encode(other.Link)}\">Continue as {Encode(other.Account.DisplayName)}</a></li>";

    private static string Sites(Account account) => account.Sites.Count switch
    {
        0 => "<p>This account has no site with Confluence. The app will get a token that reaches nothing.</p>",
        1 => $"""
            <p>Use app on <strong>{Encode(account.Sites[0].Url.Host)}</strong>.</p>
            <input type="hidden" name="site" value="{account.Sites[0].CloudId}">
            """,
        _ => $"<fieldset><legend>Use app on</legend>{string.Concat(account.Sites.Select((site, index) => Checkbox(site, index == 0)))}</fieldset>",
    };

    private static string Checkbox(Site site, bool first) =>
        $"<label><input type=\"checkbox\" name=\"site\" value=\"{site.CloudId}\"{(first ? " checked" : "")}> {Encode(site.Url.Host)}</label>";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
