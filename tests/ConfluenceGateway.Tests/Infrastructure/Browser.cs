using System.Net;
using System.Text.RegularExpressions;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A person's browser: it follows redirects, keeps cookies and submits forms.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser()
    {
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = Cookies, UseCookies = true, AllowAutoRedirect = false });
        _http.DefaultRequestHeaders.Accept.ParseAdd("text/html");
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>Every address it was sent to, in order.</summary>
    public List<Uri> Visited { get; } = [];

    public Task<PageSeen> OpenAsync(Uri url) => FollowAsync(() => _http.GetAsync(url), url, stopAt: null);

    /// <summary>Opens <paramref name="url"/> and follows redirects until one leads to <paramref name="path"/>, which is not opened.</summary>
    public async Task<Uri> OpenUntilAsync(Uri url, string path)
    {
        await FollowAsync(() => _http.GetAsync(url), url, path);
        return Visited[^1];
    }

    /// <summary>Opens a link to connect and presses the button of its page; a link that does not work ends at the page that says so.</summary>
    public async Task<PageSeen> ConnectAsync(Uri link) => await ConnectAsync(link, stopAt: null);

    /// <summary>The same, until a redirect leads to <paramref name="path"/>, which is not opened.</summary>
    public async Task<Uri> ConnectUntilAsync(Uri link, string path)
    {
        await ConnectAsync(link, path);
        return Visited[^1];
    }

    public Task<PageSeen> SubmitAsync(Uri url, Dictionary<string, string> form) => SubmitAsync(url, form, stopAt: null);

    /// <summary>Submits a form whose fields may have more than one value.</summary>
    public Task<PageSeen> SubmitFieldsAsync(Uri url, IEnumerable<(string Name, string Value)> fields) =>
        SubmitAsync(url, fields.Select(field => KeyValuePair.Create(field.Name, field.Value)), stopAt: null);

    /// <summary>Sends one request with the cookies it has, and follows nothing.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead) =>
        _http.SendAsync(request, completion);

    public void Dispose() => _http.Dispose();

    private async Task<PageSeen> ConnectAsync(Uri link, string? stopAt)
    {
        var page = await OpenAsync(link);
        return page.FormAction is { } action ? await SubmitAsync(action, page.HiddenFields, stopAt) : page;
    }

    private Task<PageSeen> SubmitAsync(Uri url, IEnumerable<KeyValuePair<string, string>> form, string? stopAt) =>
        FollowAsync(() => _http.PostAsync(url, new FormUrlEncodedContent(form)), url, stopAt);

    private async Task<PageSeen> FollowAsync(Func<Task<HttpResponseMessage>> first, Uri url, string? stopAt)
    {
        Visited.Add(url);
        var answer = await first();
        while (answer.Headers.Location is { } location)
        {
            url = new Uri(url, location);
            Visited.Add(url);
            if (url.AbsolutePath == stopAt)
            {
                break;
            }

            answer = await _http.GetAsync(url);
        }

        return new PageSeen(answer.StatusCode, await answer.Content.ReadAsStringAsync(), url, answer.Headers);
    }
}

/// <summary>A page that a browser ended on.</summary>
internal sealed partial record PageSeen(HttpStatusCode Status, string Html, Uri Url, System.Net.Http.Headers.HttpResponseHeaders Headers)
{
    /// <summary>The field that carries the token of a form of the management pages.</summary>
    public const string FormToken = "__RequestVerificationToken";

    /// <summary>The token of its forms.</summary>
    public string Token => Hidden(FormToken);

    /// <summary>Its heading.</summary>
    public string Heading => WebUtility.HtmlDecode(HeadingPattern().Match(Html).Groups[1].Value);

    /// <summary>Where its form leads; null when it has none.</summary>
    public Uri? FormAction => FormPattern().Match(Html) is { Success: true } form ? new Uri(Url, WebUtility.HtmlDecode(form.Groups[1].Value)) : null;

    /// <summary>What its form sends along.</summary>
    public Dictionary<string, string> HiddenFields =>
        HiddenPattern().Matches(Html).ToDictionary(input => input.Groups[1].Value, input => WebUtility.HtmlDecode(input.Groups[2].Value));

    /// <summary>The value of a hidden field.</summary>
    public string Hidden(string name) =>
        WebUtility.HtmlDecode(Regex.Match(Html, $"name=\"{Regex.Escape(name)}\" value=\"([^\"]*)\"").Groups[1].Value);

    [GeneratedRegex("<h1>(.*?)</h1>", RegexOptions.Singleline)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex("<form [^>]*action=\"([^\"]*)\"")]
    private static partial Regex FormPattern();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex HiddenPattern();
}
