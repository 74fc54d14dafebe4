namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>A plain request of each operation, as it is made the first and the second time.</summary>
internal static class CostRequests
{
    private const string Body = """ "body":{"storage":{"value":"<p>text</p>","representation":"storage"}}} """;

    /// <summary>By the operation's name: the path below <c>/rest/api/</c> and the body. <c>{n}</c> is 1 and 2, <c>{v}</c> the next version, <c>{task}</c> a task.</summary>
    public static IReadOnlyDictionary<string, (string Path, string Body)> All { get; } = new Dictionary<string, (string, string)>
    {
        ["GET content"] = ("content?spaceKey=DEMO", ""),
        ["POST content"] = ("content", """{"type":"page","title":"Cost {n}","space":{"key":"DEMO"},""" + Body),
        ["GET content/{id}"] = ("content/98305", ""),
        ["PUT content/{id}"] = ("content/98306", """{"type":"page","title":"Getting started","version":{"number":{v}},""" + Body),
        ["DELETE content/{id}"] = ("content/9830{8+n}", ""),
        ["GET content/{id}/history"] = ("content/98305/history", ""),
        ["GET content/{id}/child"] = ("content/98305/child", ""),
        ["GET content/{id}/child/{type}"] = ("content/98305/child/page", ""),
        ["GET content/{id}/version"] = ("content/98305/version", ""),
        ["GET content/{id}/version/{number}"] = ("content/98305/version/1", ""),
        ["GET content/{id}/label"] = ("content/98305/label", ""),
        ["GET content/{id}/property"] = ("content/98305/property", ""),
        ["POST content/{id}/property"] = ("content/98305/property", """{"key":"new-{n}","value":1}"""),
        ["GET content/{id}/property/{key}"] = ("content/98305/property/key-1", ""),
        ["PUT content/{id}/property/{key}"] = ("content/98305/property/key-1", """{"key":"key-1","value":"{n}","version":{"number":{v}}}"""),
        ["POST content/{id}/property/{key}"] = ("content/98305/property/new-{n}", """{"value":1}"""),
        ["DELETE content/{id}/property/{key}"] = ("content/98305/property/key-{n}", ""),
        ["GET space"] = ("space", ""),
        ["GET space/{key}"] = ("space/DEMO", ""),
        ["GET space/{key}/content"] = ("space/DEMO/content", ""),
        ["GET space/{key}/content/{type}"] = ("space/DEMO/content/page", ""),
        ["GET space/{key}/property"] = ("space/DEMO/property", ""),
        ["POST space/{key}/property"] = ("space/DEMO/property", """{"key":"new-{n}","value":1}"""),
        ["GET space/{key}/property/{name}"] = ("space/DEMO/property/key-1", ""),
        ["PUT space/{key}/property/{name}"] = ("space/DEMO/property/key-1", """{"key":"key-1","value":"{n}","version":{"number":{v}}}"""),
        ["POST space/{key}/property/{name}"] = ("space/DEMO/property/new-{n}", """{"value":1}"""),
        ["DELETE space/{key}/property/{name}"] = ("space/DEMO/property/key-{n}", ""),
        ["GET inlinetasks/search"] = ("inlinetasks/search", ""),
        ["GET inlinetasks/{number}"] = ("inlinetasks/{task}", ""),
        ["PUT inlinetasks/{number}"] = ("inlinetasks/{task}", """{"status":"complete"}"""),
        ["POST contentbody/convert/{to}"] = ("contentbody/convert/export_view", """{"value":"<p>text</p>","representation":"storage"}"""),
    };
}
