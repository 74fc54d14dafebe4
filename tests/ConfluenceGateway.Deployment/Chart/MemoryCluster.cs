using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using YamlDotNet.Serialization;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>
/// As much of a Kubernetes API server as Helm needs to install, upgrade and uninstall the chart: it tells which kinds there are and
/// keeps objects in memory. It runs nothing.
/// </summary>
internal sealed class MemoryCluster : IAsyncDisposable
{
    private static readonly (string Version, string Kind, string Plural)[] Kinds =
    [
        ("v1", "Secret", "secrets"), ("v1", "ConfigMap", "configmaps"), ("v1", "Service", "services"), ("v1", "ServiceAccount", "serviceaccounts"),
        ("v1", "Pod", "pods"), ("v1", "PersistentVolumeClaim", "persistentvolumeclaims"), ("v1", "Namespace", "namespaces"),
        ("apps/v1", "Deployment", "deployments"), ("apps/v1", "StatefulSet", "statefulsets"), ("policy/v1", "PodDisruptionBudget", "poddisruptionbudgets"),
        ("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies"), ("networking.k8s.io/v1", "Ingress", "ingresses"),
    ];

    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();
    private readonly WebApplication _app;
    private readonly TemporaryDirectory _directory = new();
    private readonly ConcurrentDictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);

    private MemoryCluster(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    /// <summary>What tells Helm where the cluster is.</summary>
    public IDictionary<string, string> Environment => new Dictionary<string, string> { ["KUBECONFIG"] = Path.Combine(_directory.Path, "config") };

    /// <summary>The names of the objects of a kind.</summary>
    public IEnumerable<string> Names(string plural) => _objects.Keys.Where(path => path.Contains($"/{plural}/", StringComparison.Ordinal)).Select(path => path.Split('/')[^1]).Order(StringComparer.Ordinal);

    /// <summary>What a secret holds, by key; in base64, as it lies there.</summary>
    public IReadOnlyDictionary<string, string> Secret(string name) =>
        _objects[$"/api/v1/namespaces/apps/secrets/{name}"]["data"]!.AsObject().ToDictionary(entry => entry.Key, entry => (string)entry.Value!);

    public static async Task<MemoryCluster> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var cluster = new MemoryCluster(builder.Build());
        await cluster._app.StartAsync();
        var url = cluster._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await File.WriteAllTextAsync(cluster.Environment["KUBECONFIG"], $$$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: memory, cluster: {server: "{{{url}}}"}}]
            contexts: [{name: memory, context: {cluster: memory, user: nobody}}]
            users: [{name: nobody, user: {}}]
            current-context: memory
            """);
        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _directory.Dispose();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, path) = (context.Request, context.Request.Path.Value!);
        if (HttpMethods.IsGet(request.Method) && Discovery(path) is { } known)
        {
            await WriteAsync(context, known);
            return;
        }

        switch (request.Method)
        {
            case "GET" when _objects.TryGetValue(path, out var found):
                await WriteAsync(context, found);
                break;
            case "GET" when Kinds.FirstOrDefault(kind => path.EndsWith("/" + kind.Plural, StringComparison.Ordinal)) is { Kind: not null } kind:
                var items = _objects.Where(entry => entry.Key.StartsWith(path + "/", StringComparison.Ordinal) && IsSelected(request, entry.Value)).Select(entry => entry.Value.DeepClone());
                await WriteAsync(context, new JsonObject { ["apiVersion"] = kind.Version, ["kind"] = kind.Kind + "List", ["items"] = new JsonArray([.. items]) });
                break;
            case "POST":
                var made = await BodyAsync(request);
                await WriteAsync(context, _objects[$"{path}/{made["metadata"]!["name"]}"] = made);
                break;
            case "PUT" or "PATCH":
                await WriteAsync(context, _objects[path] = await BodyAsync(request));
                break;
            case "DELETE" when _objects.TryRemove(path, out var gone):
                await WriteAsync(context, gone);
                break;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                await WriteAsync(context, new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = "NotFound", ["code"] = 404 });
                break;
        }
    }

    private static JsonObject? Discovery(string path) => path switch
    {
        "/version" => new() { ["major"] = "1", ["minor"] = "34", ["gitVersion"] = "v1.34.0" },
        "/api" => new() { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1") },
        "/apis" => new()
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = new JsonArray([.. Kinds.Select(kind => kind.Version).Where(version => version.Contains('/', StringComparison.Ordinal)).Distinct().Select(version => new JsonObject
            {
                ["name"] = version.Split('/')[0],
                ["versions"] = new JsonArray(new JsonObject { ["groupVersion"] = version, ["version"] = version.Split('/')[1] }),
            })]),
        },
        _ when Kinds.Where(kind => path == (kind.Version == "v1" ? "/api/v1" : $"/apis/{kind.Version}")).ToList() is { Count: > 0 } kinds => new()
        {
            ["kind"] = "APIResourceList",
            ["groupVersion"] = kinds[0].Version,
            ["resources"] = new JsonArray([.. kinds.Select(kind => new JsonObject
            {
                ["name"] = kind.Plural,
                ["kind"] = kind.Kind,
                ["namespaced"] = kind.Kind != "Namespace",
                ["verbs"] = new JsonArray("create", "delete", "get", "list", "patch", "update"),
            })]),
        },
        _ => null,
    };

    private static bool IsSelected(HttpRequest request, JsonObject found) =>
        request.Query["labelSelector"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('='))
            .All(part => part.Length == 2 && (string?)found["metadata"]!["labels"]?[part[0]] == part[1]);

    // What is created comes as JSON or protobuf, what is applied as YAML.
    private static async Task<JsonObject> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        if (ProtobufSecret.Is(body.ToArray()))
        {
            return ProtobufSecret.Read(body.ToArray());
        }

        var text = Encoding.UTF8.GetString(body.ToArray());
        return JsonNode.Parse(text.StartsWith('{') ? text : Json.Serialize(Yaml.Deserialize(text)!))!.AsObject();
    }

    private static Task WriteAsync(HttpContext context, JsonObject answer)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
