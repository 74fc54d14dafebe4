using System.Text.Json.Nodes;
using AtlassianSimulator.Control;
using AtlassianSimulator.Tests.Running;

namespace AtlassianSimulator.Tests.Confluence;

/// <summary>A test whose simulator serves the operations that OAuth clients lost.</summary>
public abstract class ServedV1Test : SimulatorTest
{
    private string? _token;

    protected Task<JsonNode> GetAsync(string path) => SendAsync(HttpMethod.Get, path).ReadAsync();

    protected Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null) => CallAsync(method, $"/wiki/rest/api/{path}", body);

    protected Task<HttpResponseMessage> V2Async(HttpMethod method, string path, object? body = null) => CallAsync(method, $"/wiki/api/v2/{path}", body);

    protected Task<JsonNode> GetV2Async(string path) => V2Async(HttpMethod.Get, path).ReadAsync();

    protected static object Storage(string value) => new { storage = new { value, representation = "storage" } };

    private async Task<HttpResponseMessage> CallAsync(HttpMethod method, string path, object? body)
    {
        if (_token is null)
        {
            await Simulator.Control.UpdateSettingsAsync(new SimulatorSettingsChange { RemovedV1 = RemovedV1.Served });
            _token = await Simulator.AccessTokenAsync();
        }

        return await Simulator.ConfluenceAsync(_token, path, method, body);
    }
}
