using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>Somebody who is signed in to the management pages of a gateway, and sends their forms.</summary>
internal sealed partial class Visitor : IDisposable
{
    /// <summary>The key of those who only look; give it to the gateway by <see cref="ViewerSetting"/>.</summary>
    public const string ViewerKey = "cgwa_the-viewers-key-of-the-tests";

    public const string ViewerSetting = "--Admin:ViewerApiKey=" + ViewerKey;

    private readonly TestGateway _gateway;
    private readonly string _token;

    private Visitor(TestGateway gateway, Browser browser, string token) => (_gateway, Browser, _token) = (gateway, browser, token);

    public Browser Browser { get; }

    public static async Task<Visitor> SignInAsync(TestGateway gateway, string key = World.AdminKey)
    {
        var browser = new Browser();
        return new Visitor(gateway, browser, (await browser.SignInAsync(gateway, key)).Token);
    }

    public Task<PageSeen> OpenAsync(string path) => Browser.OpenAsync(_gateway.Page(path));

    /// <summary>Sends a form, and ends where that leads.</summary>
    public Task<PageSeen> SendAsync(string path, params (string Name, string Value)[] fields) =>
        Browser.SubmitFieldsAsync(_gateway.Page(path), fields.Append((PageSeen.FormToken, _token)));

    /// <summary>Where the forms of a page that change something lead, but that to sign out. Each must carry its token.</summary>
    public static IReadOnlyList<string> ActionsOf(PageSeen page)
    {
        var forms = PostForm().Matches(page.Html).ToArray();
        Assert.All(forms, form => Assert.Contains($"name=\"{PageSeen.FormToken}\"", form.Value, StringComparison.Ordinal));
        return [.. forms.Select(form => form.Groups[1].Value).Where(action => action != "/sign-out")];
    }

    /// <summary>What the audit trail says of an action, the oldest first: its subject and what came of it.</summary>
    public async Task<IReadOnlyList<(string? Subject, string? Outcome)>> AuditedAsync(string action)
    {
        var page = await _gateway.Operator.GetFromJsonAsync<JsonElement>($"/api/v1/audit?limit=200&action={action}");
        return [.. page.GetProperty("items").EnumerateArray().Reverse().Select(entry => (
            entry.TryGetProperty("subject", out var subject) ? subject.GetString() : null, entry.GetProperty("outcome").GetString()))];
    }

    public void Dispose() => Browser.Dispose();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]*)\".*?</form>", RegexOptions.Singleline)]
    private static partial Regex PostForm();
}
