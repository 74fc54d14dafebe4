using System.Net;
using System.Text.RegularExpressions;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>The page of a link, taken apart: what a browser would keep to itself.</summary>
internal sealed record LinkPage(string Html, Dictionary<string, string> Form, string Cookie);

/// <summary>Opens the pages of links and sends their forms, without a browser that does all right.</summary>
internal static partial class LinkPages
{
    /// <summary>Opens a new link of the operator, with this cookie if there is one.</summary>
    public static async Task<LinkPage> OpenPageAsync(this TestGateway gateway, string id = "demo", string? cookie = null)
    {
        var link = await gateway.ConnectLinkAsync(id);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/connect/{id}{link.Query}");
        request.Headers.TryAddWithoutValidation("Cookie", cookie?.Split(';')[0]);
        using var answer = await gateway.App.SendAsync(request);
        var page = new PageSeen(answer.StatusCode, await answer.Content.ReadAsStringAsync(), link, answer.Headers);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        return new LinkPage(page.Html, page.HiddenFields, Assert.Single(answer.Headers.GetValues("Set-Cookie")));
    }

    /// <summary>Sends a form as the button does.</summary>
    public static async Task<HttpResponseMessage> PressAsync(this TestGateway gateway, Dictionary<string, string> form, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/demo") { Content = new FormUrlEncodedContent(form) };
        request.Headers.TryAddWithoutValidation("Cookie", cookie?.Split(';')[0]);
        return await gateway.App.SendAsync(request);
    }

    /// <summary>What a person reads on the page.</summary>
    public static string Text(this PageSeen page) =>
        WebUtility.HtmlDecode(Blanks().Replace(Tags().Replace(page.Html.Split("</head>")[1], " "), " "));

    /// <summary>The authorize requests under way, by their keys.</summary>
    public static async Task<IReadOnlyList<string>> StatesAsync(this World world)
    {
        var redis = world.Gateway.Services.GetRequiredService<RedisConnection>().Database;
        var pattern = world.Gateway.Services.GetRequiredService<RedisKeys>().State("*").ToString();
        var (cursor, states) = ("0", new HashSet<string>());
        do
        {
            // A store of many tests has more keys than one answer should look at.
            var page = (RedisResult[])(await redis.ExecuteAsync("SCAN", cursor, "MATCH", pattern, "COUNT", 1000))!;
            cursor = page[0].ToString();
            states.UnionWith((string[])page[1]!);
        }
        while (cursor != "0");

        return [.. states];
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex("\\s+")]
    private static partial Regex Blanks();
}
