using System.Globalization;
using System.Text.Json.Nodes;
using AtlassianSimulator.Accounts;
using AtlassianSimulator.Confluence.V2;
using static AtlassianSimulator.Confluence.ConfluenceCall;

namespace AtlassianSimulator.Confluence.V1;

/// <summary>The JSON of v1's content; what is not expanded is named in <c>_expandable</c>.</summary>
internal static class V1Shapes
{
    public static JsonObject Content(ConfluenceCall call, Content content, Expand expand, ContentVersion? version = null, bool alone = false)
    {
        var shown = version ?? content.Latest;
        var path = $"/rest/api/content/{content.PublicId}";
        var space = call.Site.SpaceOf(content);
        var shape = new JsonObject
        {
            ["id"] = content.PublicId,
            ["type"] = V1Query.Type(content),
            ["status"] = version is null ? content.Status : "historical",
            ["title"] = shown.Title,
        };
        var expandable = new JsonObject();
        Part("space", $"/rest/api/space/{space.Key}", _ => V1SpaceShape.Space(call, space, Expand.None));
        Part("history", $"{path}/history", wanted => V1History.Shape(call, content, wanted));
        Part("version", "", _ => Version(call, content, shown));
        Part("ancestors", "", _ => new JsonArray([.. call.Site.Ancestors(content).Select(parent => Content(call, parent, Expand.None))]));
        Part("container", content.ContainerId is { } id ? $"/rest/api/content/{id}" : $"/rest/api/space/{space.Key}", _ => Container(call, content, space));
        Part("children", $"{path}/child", wanted => V1RemovedListings.Children(call, content, wanted));
        Part("descendants", $"{path}/descendant", wanted => V1RemovedListings.Children(call, content, wanted));
        Part("body", "", wanted => V1ContentParts.Body(shown, wanted, path));
        Part("metadata", "", wanted => V1ContentParts.Metadata(content, wanted, path));
        Part("operations", "", _ => V1Permitted.On(content));
        Part("restrictions", $"{path}/restriction/byOperation", _ => V1Restrictions.ByOperation(call, content));
        Part("childTypes", "", _ => new JsonObject());
        shape["macroRenderedOutput"] = new JsonObject();
        shape["extensions"] = V1ContentParts.Extensions(content, shown);
        shape["_expandable"] = expandable;
        shape["_links"] = Links(call, content, path, alone);
        return shape;

        void Part(string name, string link, Func<Expand, JsonNode> value)
        {
            if (expand.Has(name))
            {
                shape[name] = value(expand.Under(name));
            }
            else
            {
                expandable[name] = link;
            }
        }
    }

    public static JsonObject Version(ConfluenceCall call, Content content, ContentVersion version) => new()
    {
        ["by"] = User(call, version.AuthorId),
        ["when"] = Time(version.CreatedAt),
        ["friendlyWhen"] = version.CreatedAt.ToString("MMM dd, yyyy", CultureInfo.InvariantCulture),
        ["message"] = version.Message,
        ["number"] = version.Number,
        ["minorEdit"] = version.MinorEdit,
        ["contentTypeModified"] = false,
        ["_expandable"] = new JsonObject { ["collaborators"] = "", ["content"] = $"/rest/api/content/{content.PublicId}?status=historical&version={version.Number}" },
        ["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/version/{version.Number}" },
    };

    public static JsonObject User(ConfluenceCall call, string accountId, bool alone = false) =>
        User(call, call.Site.Directory.FindAccount(accountId)!, alone);

    public static JsonObject User(ConfluenceCall call, Account account, bool alone = false)
    {
        var links = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/user?accountId={Uri.EscapeDataString(account.AccountId)}" };
        return new JsonObject
        {
            ["type"] = "known",
            ["accountId"] = account.AccountId,
            ["accountType"] = "atlassian",
            ["email"] = account.Email,
            ["publicName"] = account.DisplayName,
            ["profilePicture"] = new JsonObject { ["path"] = $"/wiki/aa-avatar/{account.AccountId}", ["width"] = 48, ["height"] = 48, ["isDefault"] = false },
            ["displayName"] = account.DisplayName,
            ["isExternalCollaborator"] = false,
            ["_expandable"] = new JsonObject { ["operations"] = "", ["personalSpace"] = "" },
            ["_links"] = alone ? WithBase(call, links) : links,
        };
    }

    public static JsonObject Label(Label label) => new()
    {
        ["prefix"] = label.Prefix,
        ["name"] = label.Name,
        ["id"] = V2Shapes.Text(label.Id),
        ["label"] = label.Name,
    };

    public static JsonObject WithBase(ConfluenceCall call, JsonObject links)
    {
        links["base"] = call.Site.Site.WikiBase;
        links["context"] = "/wiki";
        return links;
    }

    private static JsonObject Container(ConfluenceCall call, Content content, Space space) => content.ContainerId is { } id
        ? Content(call, call.Site.Find(id)!, Expand.None)
        : V1SpaceShape.Space(call, space, Expand.None);

    private static JsonObject Links(ConfluenceCall call, Content content, string path, bool alone)
    {
        var links = new JsonObject { ["webui"] = ContentLinks.WebUi(call.Site, content), ["self"] = $"{call.Site.Site.WikiBase}{path}" };
        if (content.Kind == ContentKind.Attachment)
        {
            links["download"] = ContentLinks.Download(content);
        }
        else
        {
            links["tinyui"] = ContentLinks.TinyUi(content);
        }

        return alone ? WithBase(call, links) : links;
    }
}
