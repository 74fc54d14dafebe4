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
        Part("space", $"/rest/api/space/{space.Key}", wanted => V1SpaceShape.Space(call, space, wanted));
        Part("history", $"{path}/history", wanted => V1History.Shape(call, content, shown, wanted));
        Part("version", "", wanted => Version(call, content, shown, wanted));
        Part("ancestors", "", wanted => new JsonArray([.. call.Site.Ancestors(content).Select(parent => Content(call, parent, wanted))]));
        Part("container", content.ContainerId is { } id ? $"/rest/api/content/{id}" : $"/rest/api/space/{space.Key}", wanted => Container(call, content, space, wanted));
        Part("children", $"{path}/child", wanted => V1RemovedListings.Children(call, content, wanted));
        Part("descendants", $"{path}/descendant", wanted => V1RemovedListings.Children(call, content, wanted));
        Part("body", "", wanted => V1Body.Shape(shown, wanted, path));
        Part("metadata", "", wanted => V1Metadata.Shape(call, content, wanted, path));
        Part("operations", "", _ => V1Permitted.On(content));
        Part("restrictions", $"{path}/restriction/byOperation", wanted => V1Restrictions.ByOperation(call, content, wanted));
        Part("childTypes", "", wanted => V1ChildTypes.Shape(call, content, wanted));
        shape["macroRenderedOutput"] = new JsonObject();
        shape["extensions"] = V1ExtensionsShape.Of(call, content, shown, expand.Under("extensions"));
        shape["_expandable"] = expandable;
        shape["_links"] = Links(call, content, shown, path, alone);
        return shape;

        void Part(string name, string link, Func<Expand, JsonNode> value)
        {
            // Attachments tell their comment and media type unasked; clients read them without a look.
            if (expand.Has(name) || (name == "metadata" && content.Kind == ContentKind.Attachment))
            {
                shape[name] = value(expand.Under(name));
            }
            else
            {
                expandable[name] = link;
            }
        }
    }

    public static JsonObject Version(ConfluenceCall call, Content content, ContentVersion version, Expand expand)
    {
        var shape = new JsonObject
        {
            ["by"] = User(call, version.AuthorId),
            ["when"] = Time(version.CreatedAt),
            ["friendlyWhen"] = version.CreatedAt.ToString("MMM dd, yyyy", CultureInfo.InvariantCulture),
            ["message"] = version.Message,
            ["number"] = version.Number,
            ["minorEdit"] = version.MinorEdit,
            ["contentTypeModified"] = false,
        };
        var expandable = new JsonObject();
        if (expand.Has("collaborators"))
        {
            shape["collaborators"] = Users(call, [version.AuthorId]);
        }
        else
        {
            expandable["collaborators"] = "";
        }

        if (expand.Has("content"))
        {
            shape["content"] = Content(call, content, expand.Under("content"), version == content.Latest ? null : version);
        }
        else
        {
            expandable["content"] = $"/rest/api/content/{content.PublicId}?status=historical&version={version.Number}";
        }

        shape["_expandable"] = expandable;
        shape["_links"] = new JsonObject { ["self"] = $"{call.Site.Site.WikiBase}/rest/api/content/{content.PublicId}/version/{version.Number}" };
        return shape;
    }

    /// <summary>Each of the users once, in the form v1 has for a group of them.</summary>
    public static JsonObject Users(ConfluenceCall call, IEnumerable<string> accountIds)
    {
        var ids = accountIds.Distinct().ToList();
        return new JsonObject
        {
            ["users"] = new JsonArray([.. ids.Select(id => User(call, id))]),
            ["userKeys"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
            ["userAccountIds"] = new JsonArray([.. ids.Select(id => JsonValue.Create(id))]),
        };
    }

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

    private static JsonObject Container(ConfluenceCall call, Content content, Space space, Expand expand) => content.ContainerId is { } id
        ? Content(call, call.Site.Find(id)!, expand)
        : V1SpaceShape.Space(call, space, expand);

    private static JsonObject Links(ConfluenceCall call, Content content, ContentVersion shown, string path, bool alone)
    {
        var links = new JsonObject { ["webui"] = ContentLinks.WebUi(call.Site, content), ["self"] = $"{call.Site.Site.WikiBase}{path}" };
        if (content.Kind == ContentKind.Attachment)
        {
            links["download"] = ContentLinks.Download(content, shown);
        }
        else
        {
            links["tinyui"] = ContentLinks.TinyUi(content);
        }

        return alone ? WithBase(call, links) : links;
    }
}
