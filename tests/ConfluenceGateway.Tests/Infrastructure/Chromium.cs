using System.Diagnostics;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>A tab of a real Chromium, driven by the DevTools protocol, for what scripts on a page do.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TemporaryDirectory _profile;
    private readonly ClientWebSocket _tab = new();
    private int _last;

    private Chromium(Process process, TemporaryDirectory profile) => (_process, _profile) = (process, profile);

    /// <summary>What the tab complained of: refused by a policy, not loaded, or thrown.</summary>
    public List<string> Complaints { get; } = [];

    public static async Task<Chromium> StartAsync()
    {
        InstalledProgram.Require("chromium");
        var profile = new TemporaryDirectory();
        var process = Process.Start(new ProcessStartInfo("chromium",
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--remote-debugging-port=0", $"--user-data-dir={profile.Path}", "about:blank",
        ])
        { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        var chromium = new Chromium(process, profile);
        var portFile = Path.Combine(profile.Path, "DevToolsActivePort");
        await Eventually.TrueAsync(() => File.Exists(portFile) && File.ReadAllLines(portFile).Length > 1, "Chromium says where it listens", TimeSpan.FromMinutes(1));
        using var http = new HttpClient(new SocketsHttpHandler());
        using var made = await http.PutAsync($"http://127.0.0.1:{(await File.ReadAllLinesAsync(portFile))[0]}/json/new?about:blank", null);
        var tab = await made.Content.ReadFromJsonAsync<JsonElement>();
        await chromium._tab.ConnectAsync(new Uri(tab.GetProperty("webSocketDebuggerUrl").GetString()!), CancellationToken.None);
        foreach (var domain in new[] { "Runtime", "Log", "Page", "Network" })
        {
            await chromium.CallAsync(domain + ".enable", new JsonObject());
        }

        // Else a tab that nobody looks at fires no events of focus.
        await chromium.CallAsync("Emulation.setFocusEmulationEnabled", new JsonObject { ["enabled"] = true });
        return chromium;
    }

    /// <summary>Takes over the cookies that <paramref name="browser"/> has for <paramref name="url"/>, and opens it.</summary>
    public async Task OpenAsync(Browser browser, Uri url)
    {
        foreach (System.Net.Cookie cookie in browser.Cookies.GetCookies(url))
        {
            await CallAsync("Network.setCookie", new JsonObject { ["name"] = cookie.Name, ["value"] = cookie.Value, ["url"] = url.AbsoluteUri, ["httpOnly"] = true });
        }

        await CallAsync("Page.navigate", new JsonObject { ["url"] = url.AbsoluteUri });
        await UntilAsync("document.readyState === 'complete' && location.href !== 'about:blank'", "the page is loaded");
    }

    /// <summary>The value of an expression of JavaScript, as text.</summary>
    public async Task<string> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["awaitPromise"] = true, ["returnByValue"] = true });
        Assert.False(answer.AsObject().ContainsKey("exceptionDetails"), answer.ToJsonString());
        return answer["result"]!["value"]!.GetValue<string>();
    }

    /// <summary>Waits until an expression is true.</summary>
    public Task UntilAsync(string expression, string what) => Eventually.TrueAsync(async () => await EvaluateAsync(expression) == "true", what);

    public async ValueTask DisposeAsync()
    {
        _tab.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        await Eventually.TrueAsync(() => TryDelete(_profile), "the last of its processes left its profile");
    }

    private static bool TryDelete(TemporaryDirectory profile)
    {
        try
        {
            profile.Dispose();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private async Task<JsonNode> CallAsync(string method, JsonObject parameters)
    {
        var id = ++_last;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _tab.SendAsync(System.Text.Encoding.UTF8.GetBytes(call.ToJsonString()), WebSocketMessageType.Text, true, patience.Token);
        while (true)
        {
            var message = await ReceiveAsync(patience.Token);
            if (message["id"]?.GetValue<int>() == id)
            {
                return message["result"] ?? throw new InvalidOperationException(message.ToJsonString());
            }

            if (message["method"]?.GetValue<string>() is "Log.entryAdded" or "Runtime.exceptionThrown")
            {
                Complaints.Add(message["params"]!.ToJsonString());
            }
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await _tab.ReceiveAsync(buffer, cancellationToken);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }
}
