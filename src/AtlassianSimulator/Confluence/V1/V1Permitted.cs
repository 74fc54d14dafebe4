using System.Text.Json.Nodes;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>v1's <c>operations</c>: what the caller may do with content and spaces, which on the simulated sites is everything.</summary>
internal static class V1Permitted
{
    public static JsonArray On(Content content) => content.Kind switch
    {
        ContentKind.Page => Operations(
            "read page", "update page", "delete page", "copy page", "move page", "archive page", "export page", "purge page", "purge_version page",
            "restore page", "restrict_content page", "create comment", "create attachment"),
        ContentKind.BlogPost => Operations(
            "read blogpost", "update blogpost", "delete blogpost", "copy blogpost", "export blogpost", "purge blogpost", "purge_version blogpost",
            "restore blogpost", "restrict_content blogpost", "create comment", "create attachment"),
        ContentKind.Attachment => Operations("read attachment", "update attachment", "delete attachment", "purge attachment", "purge_version attachment"),
        _ => Operations("read comment", "update comment", "delete comment"),
    };

    public static JsonArray OnSpace() => Operations("read space", "use space", "create page", "create blogpost", "create comment", "create attachment");

    private static JsonArray Operations(params string[] permitted) => new([.. permitted.Select(words => words.Split(' ')).Select(
        words => new JsonObject { ["operation"] = words[0], ["targetType"] = words[1] })]);
}
