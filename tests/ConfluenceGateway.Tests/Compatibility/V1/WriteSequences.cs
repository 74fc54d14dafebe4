namespace ConfluenceGateway.Tests.Compatibility.V1;

/// <summary>Writes of v1 as apps make them, right and wrong. <c>{{name}}</c> is the id of what an earlier step made.</summary>
internal static class WriteSequences
{
    private const string Body = """ "body":{"storage":{"value":"<p>text</p>","representation":"storage"}} """;

    /// <summary>What is read afterwards.</summary>
    public static IReadOnlyList<string> Traces { get; } =
    [
        "content?limit=1000&status=any&expand=body.storage,version,ancestors,metadata.labels,metadata.properties", "content?type=blogpost&limit=100&status=any&expand=body.storage,version", "content?type=comment&limit=100&expand=body.storage,version,container,ancestors,extensions.inlineProperties,extensions.resolution",
        "content?type=attachment&status=any", "space/DEMO/property?expand=version", "inlinetasks/search?limit=100", "content/98305/property?limit=100", "content/{{page}}/property?limit=100", "content/{{page}}/version",
    ];

    /// <summary>The sequences, by name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<WriteStep>> All { get; } = new Dictionary<string, IReadOnlyList<WriteStep>>
    {
        ["pages"] =
        [
            new("POST", "content", Page("A"), "page"),
            new("POST", "content?expand=body.storage,ancestors", Page("B", """ "ancestors":[{"id":"{{page}}"}] """), "child"),
            new("POST", "content?expand=", Page("Bare")),
            new("POST", "content", Page("In ADF", """ "body":{"atlas_doc_format":{"value":"{\"type\":\"doc\",\"version\":1,\"content\":[{\"type\":\"paragraph\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}]}","representation":"atlas_doc_format"}} """, body: false)),
            new("POST", "content", Page("In wiki markup", """ "body":{"wiki":{"value":"h1. x","representation":"wiki"}} """, body: false)),
            new("POST", "content", Page("Without a body", body: false)),
            new("POST", "content", Page("A")),
            new("POST", "content", Page("Below nothing", """ "ancestors":[{"id":"1"}] """)),
            new("POST", "content", Page("")),
            new("POST", "content", """{"type":"page","title":"Nowhere"}"""),
            new("POST", "content", """{"type":"page","title":"Nowhere","space":{"key":"NONE"}}"""),
            new("POST", "content", """{"title":"Typeless","space":{"key":"DEMO"}}"""),
            new("POST", "content", """{"type":"none","title":"x","space":{"key":"DEMO"}}"""),
            new("POST", "content", """{"type":"attachment","title":"x","space":{"key":"DEMO"}}"""),
            new("POST", "content", "[]"),
            new("POST", "content", "{\"type\""),
            new("POST", "content", Page("Bad ADF", """ "body":{"atlas_doc_format":{"value":"{","representation":"atlas_doc_format"}} """, body: false)),
            new("PUT", "content/{{page}}", Page("A2", """ "version":{"number":2} """)),
            new("PUT", "content/{{page}}", Page("A2", """ "version":{"number":2} """)),
            new("PUT", "content/{{page}}", Page("A2", """ "version":{"number":9} """)),
            new("PUT", "content/{{page}}", Page("B", """ "version":{"number":3} """)),
            new("PUT", "content/{{page}}", Page("A2", """ "version":{"number":3},"ancestors":[{"id":"{{child}}"}] """)),
            new("PUT", "content/{{page}}", """{"type":"page","version":{"number":3}}"""),
            new("PUT", "content/{{page}}", """{"type":"page","title":"A3","version":{"number":"4","message":"renamed"}}"""),
            new("PUT", "content/{{page}}", """{"title":"A4","version":{"number":5}}"""),
            new("PUT", "content/{{page}}", """{"type":"page","title":"A4"}"""),
            new("PUT", "content/{{page}}", """{"type":"blogpost","title":"A4","version":{"number":5}}"""),
            new("PUT", "content/{{page}}", """{"type":"page","title":"A4","status":"historical","version":{"number":5}}"""),
            new("PUT", "content/1", Page("A4", """ "version":{"number":2} """)),
            new("PUT", "content/{{child}}", Page("B2", """ "version":{"number":2},"ancestors":[{"id":"98305"}] """)),
            new("DELETE", "content/{{child}}"), new("GET", "content/{{child}}"), new("GET", "content/{{child}}?status=trashed"), new("GET", "content/{{child}}?status=any&expand=version"),
            new("DELETE", "content/{{child}}?status=trashed"), new("GET", "content/{{child}}?status=trashed"), new("DELETE", "content/1"),
        ],
        ["trash"] =
        [
            new("POST", "content", Page("Thrown away"), "page"), new("DELETE", "content/{{page}}"),
            new("PUT", "content/{{page}}", Page("Thrown away", """ "version":{"number":2},"status":"current" """)), new("GET", "content/{{page}}?expand=version,body.storage"),
            new("DELETE", "content/att98344"), new("GET", "content/att98344"), new("GET", "content/98305/child/attachment"), new("DELETE", "content/att98344?status=trashed"), new("DELETE", "content/att98344?status=trashed"),
        ],
        ["drafts"] =
        [
            new("POST", "content", Page("Draft", """ "status":"draft" """), "page"), new("GET", "content/{{page}}"), new("GET", "content/{{page}}?status=draft&expand=body.storage,version"),
            new("PUT", "content/{{page}}", Page("Published", """ "status":"current","version":{"number":1} """)), new("GET", "content/{{page}}?expand=version"),
            new("POST", "content?status=draft", Page("Second draft"), "second"), new("DELETE", "content/{{second}}?status=draft"), new("GET", "content/{{second}}?status=draft"),
            new("POST", "content", Page("Third draft", """ "status":"draft" """), "third"), new("POST", "content", Page("Third", """ "id":"{{third}}","status":"current" """)), new("GET", "content/{{third}}?expand=version,body.storage"),
        ],
        ["blog posts"] =
        [
            new("POST", "content", Page("News 99", type: "blogpost"), "post"), new("POST", "content", Page("News 99", type: "blogpost")),
            new("PUT", "content/{{post}}", Page("News 100", """ "version":{"number":2} """, type: "blogpost")), new("PUT", "content/{{post}}", Page("News 100", """ "version":{"number":2} """, type: "blogpost")),
            new("POST", "content", """{"type":"comment","container":{"id":"{{post}}","type":"blogpost"},"body":{"storage":{"value":"<p>c</p>","representation":"storage"}}}""", "comment"),
            new("GET", "content/{{post}}/child/comment?expand=body.storage,container"), new("GET", "content/{{post}}/child/page"), new("DELETE", "content/{{post}}"), new("GET", "content/{{post}}"),
        ],
        ["comments"] =
        [
            new("POST", "content", Page("Discussed"), "page"),
            new("POST", "content", """{"type":"comment","container":{"id":"{{page}}","type":"page"},"body":{"storage":{"value":"<p>one</p>","representation":"storage"}}}""", "comment"),
            new("POST", "content", """{"type":"comment","container":{"id":"{{page}}","type":"page"},"ancestors":[{"id":"{{comment}}"}],"body":{"storage":{"value":"<p>two</p>","representation":"storage"}}}""", "answer"),
            new("POST", "content?expand=extensions.inlineProperties", """{"type":"comment","container":{"id":"{{page}}","type":"page"},"extensions":{"location":"inline","inlineProperties":{"originalSelection":"text"}},"body":{"storage":{"value":"<p>three</p>","representation":"storage"}}}"""),
            new("POST", "content", """{"type":"comment","container":{"id":"1","type":"page"},"body":{"storage":{"value":"x","representation":"storage"}}}"""),
            new("POST", "content", """{"type":"comment","body":{"storage":{"value":"x","representation":"storage"}}}"""),
            new("PUT", "content/{{comment}}", """{"type":"comment","version":{"number":2},"body":{"storage":{"value":"<p>one more</p>","representation":"storage"}}}"""),
            new("PUT", "content/{{comment}}", """{"type":"comment","version":{"number":2},"body":{"storage":{"value":"<p>one more</p>","representation":"storage"}}}"""),
            new("GET", "content/{{comment}}?expand=body.storage,version,history,container,ancestors"), new("GET", "content/{{answer}}?expand=ancestors,container,space"),
            new("GET", "content/{{page}}/child/comment?depth=all&expand=body.storage"), new("GET", "content/{{comment}}/child/comment?expand=body.storage"), new("GET", "content/{{page}}/child/comment?location=footer"),
            new("DELETE", "content/{{answer}}"), new("GET", "content/{{answer}}"), new("DELETE", "content/{{comment}}"), new("DELETE", "content/{{comment}}"),
        ],
        ["properties of content"] =
        [
            new("POST", "content", Page("With properties"), "page"),
            .. Properties("content/{{page}}/property"),
            new("PUT", "content/{{page}}/property/new", """{"value":"x","version":{"number":1}}"""),
            new("POST", "content/98340/property", """{"key":"mood","value":"good"}"""), new("GET", "content/98340/property/mood"), new("POST", "content/att98344/property", """{"key":"origin","value":{"by":"scan"}}"""), new("GET", "content/att98344/property"),
        ],
        ["properties of spaces"] =
        [
            .. Properties("space/DEMO/property"),
            new("PUT", "space/DEMO/property/none", """{"value":"x","version":{"number":1}}"""), new("POST", "space/NONE/property", """{"key":"k","value":"x"}"""), new("DELETE", "space/NONE/property/k"),
        ],
        ["metadata"] =
        [
            new("POST", "content", Page("Labelled", """ "metadata":{"labels":[{"prefix":"global","name":"one"},{"name":"two"}],"properties":{"editor":{"key":"editor","value":"v2"}}} """), "page"),
            new("GET", "content/{{page}}?expand=metadata.labels,metadata.properties.editor"), new("GET", "content/{{page}}/label"),
            new("PUT", "content/{{page}}", Page("Labelled", """ "version":{"number":2},"metadata":{"properties":{"editor":{"value":"v1"},"width":{"value":"full"}}} """)),
            new("GET", "content/{{page}}?expand=metadata.labels,metadata.properties.editor,metadata.properties.width"),
        ],
        ["tasks and conversions"] =
        [
            new("PUT", "inlinetasks/98354", """{"status":"complete"}"""), new("PUT", "inlinetasks/98354", """{"status":"incomplete"}"""), new("PUT", "inlinetasks/98354", """{"status":"none"}"""), new("PUT", "inlinetasks/1", """{"status":"complete"}"""), new("PUT", "inlinetasks/98354", "[]"),
            new("POST", "contentbody/convert/export_view", """{"value":"<p>x</p>","representation":"storage"}"""), new("POST", "contentbody/convert/none", """{"value":"<p>x</p>","representation":"storage"}"""), new("POST", "contentbody/convert/export_view", "{}"),
        ],
    };

    private static IEnumerable<WriteStep> Properties(string path) =>
    [
        new("POST", path, """{"key":"k","value":{"a":"1"}}"""), new("POST", path, """{"key":"k","value":"2"}"""), new("POST", path, """{"value":"1"}"""), new("POST", $"{path}/k2", """{"value":["1","2"]}"""), new("POST", $"{path}/a%20b%C3%A4", """{"value":true}"""),
        new("PUT", $"{path}/k", """{"value":"2","version":{"number":2}}"""), new("PUT", $"{path}/k", """{"value":"2","version":{"number":2}}"""), new("PUT", $"{path}/none", """{"value":"x","version":{"number":3}}"""), new("PUT", $"{path}/k", """{"value":"2"}"""),
        new("GET", path), new("GET", $"{path}?limit=1"), new("GET", $"{path}/k"), new("GET", $"{path}/a%20b%C3%A4"), new("DELETE", $"{path}/k"), new("DELETE", $"{path}/k"), new("GET", $"{path}/k"),
        new("POST", path, $$"""{"key":"{{new string('k', 256)}}","value":"x"}"""), new("POST", path, $$"""{"key":"long","value":"{{new string('v', 40_000)}}"}"""),
    ];

    private static string Page(string title, string more = "", string type = "page", bool body = true) =>
        $$"""{"type":"{{type}}","title":"{{title}}","space":{"key":"DEMO"}{{(body ? "," + Body : "")}}{{(more.Length > 0 ? "," + more : "")}}}""";
}

/// <summary>A call.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Below <c>/wiki/rest/api/</c>.</param>
/// <param name="Body">What is sent; empty for nothing.</param>
/// <param name="As">The name that what it makes has for later steps; null when they do not need it.</param>
internal sealed record WriteStep(string Method, string Path, string Body = "", string? As = null);
