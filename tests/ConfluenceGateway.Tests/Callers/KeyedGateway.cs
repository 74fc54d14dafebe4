using System.Text;
using System.Text.RegularExpressions;
using AtlassianSimulator.Control;
using ConfluenceGateway.Tests.Infrastructure;

namespace ConfluenceGateway.Tests.Callers;

/// <summary>A gateway that asks for keys, with a key of each kind, to which requests go byte for byte.</summary>
public sealed partial class KeyedGateway(Stores stores) : IAsyncLifetime
{
    private readonly Dictionary<string, string> _keys = [];
    private World _world = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 2, CallerKeyCalls.Setting);
        var gateway = _world.Gateway;
        await gateway.ConnectAsync("demo");
        await gateway.CreateAsync("other");
        var now = _world.Clock.GetUtcNow();
        _keys["good"] = (await gateway.MakeKeyAsync(["demo"])).Key;
        _keys["good2"] = (await gateway.MakeKeyAsync(["other", "demo"])).Key;
        _keys["every"] = (await gateway.MakeKeyAsync(["*"])).Key;
        _keys["read"] = (await gateway.MakeKeyAsync(["demo"], "read")).Key;
        _keys["elsewhere"] = (await gateway.MakeKeyAsync(["other"])).Key;
        _keys["lasting"] = (await gateway.MakeKeyAsync(["demo"], expiresAt: now.AddDays(1))).Key;
        _keys["foreign"] = (await _world.Gateways[1].MakeKeyAsync(["demo"])).Key;
        _keys["expired"] = (await gateway.MakeKeyAsync(["demo"], expiresAt: now.AddMinutes(1))).Key;
        var revoked = await gateway.MakeKeyAsync(["demo"]);
        _keys["revoked"] = revoked.Key;
        _keys["wrong"] = _keys["good"][..^1] + (_keys["good"][^1] == 'A' ? 'B' : 'A');
        await gateway.RevokeAsync(revoked);
        await _world.AdvanceAsync(TimeSpan.FromMinutes(2));
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <param name="method">The method.</param>
    /// <param name="target">The target; <c>{good}</c> stands for a key here, as in the header lines.</param>
    /// <param name="lines">Header lines; <c>b64(…)</c> stands for its content in base64.</param>
    internal async Task<(RawHead Head, string Body)> SendAsync(string method, string target, params string[] lines)
    {
        await using var connection = await RawConnection.OpenAsync(_world.Gateway.App.BaseAddress!);
        var head = string.Concat(lines.Prepend("Host: gateway").Append("Content-Length: 0").Select(line => Filled(line) + "\r\n"));
        await connection.WriteAsync(Encoding.Latin1.GetBytes($"{method} {Filled(target)} HTTP/1.1\r\n{head}\r\n"));
        var answer = await connection.ReadHeadAsync() ?? throw new IOException("The gateway closed without an answer.");
        var body = new List<byte>();
        if (method != "HEAD")
        {
            await connection.ReadBodyAsync(answer, part => body.AddRange(part));
        }

        return (answer, Encoding.UTF8.GetString([.. body]));
    }

    /// <summary>What reached Atlassian, all of its text.</summary>
    public async Task<IReadOnlyList<string>> ReceivedAsync() => [.. (await _world.Atlassian.GetRequestsAsync()).Select(Text)];

    /// <summary>Forgets what reached Atlassian until now.</summary>
    public Task ForgetAsync() => _world.Atlassian.ClearRequestsAsync();

    /// <summary>How often requests were refused for this reason.</summary>
    public Task<double> RefusalsAsync(string reason) => _world.Gateway.MetricAsync($"confluence_gateway_caller_refusals_total{{reason=\"{reason}\"}}");

    /// <summary>The keys that stand in <paramref name="text"/>, plain or as Basic has them, by what they are called here.</summary>
    public IEnumerable<string> KeysIn(string text) =>
        _keys.Where(key => text.Contains(key.Value, StringComparison.Ordinal) || text.Contains(CallerKeyCalls.Basic("legacy", key.Value), StringComparison.Ordinal)).Select(key => key.Key);

    /// <summary>Everything that the gateway logged.</summary>
    public string Log => string.Join('\n', _world.Gateway.Log.Lines);

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    private string Filled(string text)
    {
        var filled = Placeholder().Replace(text, match => _keys[match.Groups[1].Value]);
        return Encoded().Replace(filled, match => Convert.ToBase64String(Encoding.Latin1.GetBytes(match.Groups[1].Value)));
    }

    private static string Text(RecordedRequest request) =>
        $"{request.Method} {request.Target}\n{string.Join('\n', request.Headers.Select(header => $"{header.Name}: {header.Value}"))}";

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"b64\(([^)]*)\)")]
    private static partial Regex Encoded();
}
