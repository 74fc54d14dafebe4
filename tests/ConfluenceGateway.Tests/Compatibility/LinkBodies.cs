using System.Text;
using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>Bodies as Atlassian sends them, the rules of an app in path mode, and what becomes of the one by the other.</summary>
internal static class LinkBodies
{
    public const string CloudId = "11223344-a1b2-3b33-c444-def123456789";

    public static readonly LinkRule[] Rules =
    [
        new("https://acme.atlassian.net/wiki", "http://gw:8080/confluence/demo/wiki"),
        new($"https://api.atlassian.com/ex/confluence/{CloudId}", "http://gw:8080/confluence/demo"),
        new("/wiki", "/confluence/demo/wiki"),
    ];

    public const string V1List = """
        {"results":[{"id":"98432","title":"https://acme.atlassian.net/wiki/x/gIAB","space":{"key":"MFS"},
          "body":{"storage":{"value":"<a href=\"https://acme.atlassian.net/wiki/spaces/MFS\">\"_links\":{\"self\":\"https://acme.atlassian.net/wiki\"}</a>"}},
          "_links":{"webui":"/spaces/MFS/pages/98432","self":"https://acme.atlassian.net/wiki/rest/api/content/98432","tinyui":"/x/gIAB"},
          "_expandable":{"history":"/rest/api/content/98432/history","space":"/rest/api/space/MFS","container":""}}],
         "start":0,"limit":5,"size":1,"took":1.5e2,
         "_links":{"base":"https://acme.atlassian.net/wiki","context":"/wiki","next":"/rest/api/search?next=true&cursor=_t_%3D&limit=5",
           "self":"https://acme.atlassian.net/wiki/rest/api/search?cql=type%3Dpage"}}
        """;

    public const string V1ListForTheApp = """
        {"results":[{"id":"98432","title":"https://acme.atlassian.net/wiki/x/gIAB","space":{"key":"MFS"},
          "body":{"storage":{"value":"<a href=\"https://acme.atlassian.net/wiki/spaces/MFS\">\"_links\":{\"self\":\"https://acme.atlassian.net/wiki\"}</a>"}},
          "_links":{"webui":"/spaces/MFS/pages/98432","self":"http://gw:8080/confluence/demo/wiki/rest/api/content/98432","tinyui":"/x/gIAB"},
          "_expandable":{"history":"/rest/api/content/98432/history","space":"/rest/api/space/MFS","container":""}}],
         "start":0,"limit":5,"size":1,"took":1.5e2,
         "_links":{"base":"http://gw:8080/confluence/demo/wiki","context":"/confluence/demo/wiki","next":"/rest/api/search?next=true&cursor=_t_%3D&limit=5",
           "self":"http://gw:8080/confluence/demo/wiki/rest/api/search?cql=type%3Dpage"}}
        """;

    public const string V2List = """
        {"results":[{"id":"98400","title":"Plan","spaceId":"65","createdAt":"2026-04-28T10:00:00Z","parentId":null,
          "labels":{"results":[],"meta":{"hasMore":false},"_links":{"self":"/api/v2/pages/98400/labels"}},
          "body":{"storage":{"representation":"storage","value":"/wiki/spaces/TEAM"}},
          "_links":{"editui":"/pages/resumedraft.action?draftId=98400","webui":"/spaces/TEAM/pages/98400/Plan"}}],
         "_links":{"next":"\/wiki\/api\/v2\/pages?limit=1&cursor=eyJpZCI6Ijk4NDAwIn0","base":"https:\/\/acme.atlassian.net\/wiki"}}
        """;

    public const string V2ListForTheApp = """
        {"results":[{"id":"98400","title":"Plan","spaceId":"65","createdAt":"2026-04-28T10:00:00Z","parentId":null,
          "labels":{"results":[],"meta":{"hasMore":false},"_links":{"self":"/api/v2/pages/98400/labels"}},
          "body":{"storage":{"representation":"storage","value":"/wiki/spaces/TEAM"}},
          "_links":{"editui":"/pages/resumedraft.action?draftId=98400","webui":"/spaces/TEAM/pages/98400/Plan"}}],
         "_links":{"next":"/confluence/demo/wiki\/api\/v2\/pages?limit=1&cursor=eyJpZCI6Ijk4NDAwIn0","base":"http://gw:8080/confluence/demo/wiki"}}
        """;

    /// <summary>Reads all of <paramref name="source"/> rewritten, at most <paramref name="readSize"/> bytes at a time.</summary>
    public static async Task<byte[]> RewriteAsync(Stream source, int readSize = 4096, IReadOnlyList<LinkRule>? rules = null)
    {
        await using var rewritten = new LinkRewritingStream(source, rules ?? Rules);
        using var all = new MemoryStream();
        var buffer = new byte[readSize];
        for (int count; (count = await rewritten.ReadAsync(buffer)) > 0;)
        {
            all.Write(buffer.AsSpan(0, count));
        }

        return all.ToArray();
    }

    public static async Task<string> RewriteAsync(string json, IReadOnlyList<LinkRule>? rules = null) =>
        Encoding.UTF8.GetString(await RewriteAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), rules: rules));
}
