using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Benchmarks.Rig;
using ConfluenceGateway.Compatibility;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Proxy;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Benchmarks.Micro;

/// <summary>The parts of a request's way, one by one, with the gateway's own objects on a real store.</summary>
public class RequestPath
{
    private const int Connections = 10_000;
    private const string CloudId = "00000000-0000-4000-8000-000000000000";
    private const string RawTarget = "/confluence/a-app-0000000/wiki/api/v2/pages/98305?body-format=storage&include-labels=true";
    private const string EncodedTarget = "/confluence/a-app-0000000/wiki/rest/api/content/search?cql=title~%22Release%20notes%22%20and%20space%3DDEMO&expand=body.storage%2Cversion";
    private const string EncodedPath = "/confluence/a-app-0000000/wiki/download/attachments/98305/Release%20notes%20%C3%A9t%C3%A9.pdf?version=2";

    private static readonly HttpResponseMessage Ok = new(HttpStatusCode.OK);

    private static readonly string RequestTarget = $"/confluence/{Store.Id(0)}/{Rig.Upstream.Page(4_500)}";
    private static readonly string BareTarget = $"/ex/confluence/{CloudId}/{Rig.Upstream.Page(4_500)}";

    private readonly Random _random = new(1);
    private RedisServer _redis = null!;
    private InMemory _memory = null!;
    private InMemory _bareMemory = null!;
    private WebApplication _gateway = null!;
    private WebApplication _bare = null!;
    private ConnectionCache _cache = null!;
    private ConnectionStore _store = null!;
    private TokenSource _tokens = null!;
    private Proxy.Upstream _upstream = null!;
    private ConnectionId[] _ids = null!;
    private HttpContext _request = null!;
    private IReadOnlyList<LinkRule> _rules = null!;
    private byte[] _megabyte = null!;
    private byte[] _buffer = null!;
    private TokenEndpoint _endpoint = null!;
    private GrantProtection _protection = null!;
    private TokenPair _pair = null!;
    private byte[] _ciphertext = null!;

    /// <summary>Fills a store, and reads all of it once.</summary>
    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _redis = await RedisServer.StartAsync();
        _memory = InMemory.Serving(4_500);
        _gateway = await Store.OpenAsync(_redis, "micro:", configure: _memory.Replace);
        _bareMemory = InMemory.Serving(4_500);
        _bare = await BareForwarder.Program.BuildAsync(["0", "http://127.0.0.1:9", Store.Token], _bareMemory.Replace);
        await _bare.StartAsync();
        await Store.FillAsync(_gateway, Connections, TimeSpan.FromHours(12));
        _cache = _gateway.Services.GetRequiredService<ConnectionCache>();
        _store = _gateway.Services.GetRequiredService<ConnectionStore>();
        _tokens = _gateway.Services.GetRequiredService<TokenSource>();
        _upstream = _gateway.Services.GetRequiredService<Proxy.Upstream>();
        _ids = [.. Enumerable.Range(0, Connections).Select(Store.Id)];
        foreach (var id in _ids)
        {
            await _cache.GetAsync(id);
        }

        _request = new DefaultHttpContext();
        _request.Request.Method = "GET";
        foreach (var (name, value) in new[] { ("Host", "gateway:8080"), ("Accept", "application/json"), ("Accept-Encoding", "gzip"), ("User-Agent", "legacy/1.0"), ("Authorization", "Basic YTpi"), ("X-Forwarded-For", "10.0.0.1") })
        {
            _request.Request.Headers[name] = value;
        }

        _rules = new SiteLinks("/confluence/demo", $"https://api.atlassian.com/ex/confluence/{CloudId}", "https://acme.atlassian.net").BodyRules("http://gateway:8080");
        _megabyte = Megabyte();
        _buffer = new byte[64 * 1024];
        _endpoint = new TokenEndpoint(new HttpClient(new Refusal()), _gateway.Services.GetRequiredService<Microsoft.Extensions.Options.IOptionsMonitor<AtlassianOptions>>(), TimeProvider.System);
        _protection = _gateway.Services.GetRequiredService<GrantProtection>();
        _pair = (await _store.ReadAsync(_ids[0]))!.Grant!.Pair;
        _ciphertext = _protection.Protect("a", _pair);
    }

    /// <summary>The same for benchmarks of so much code that it is not compiled for good before they begin.</summary>
    [GlobalSetup(Targets = [nameof(Request), nameof(BareRequest)])]
    public async Task SetUpSettledAsync()
    {
        await SetUpAsync();
        await _memory.BytesOfAsync(RequestTarget);
        await _bareMemory.BytesOfAsync(BareTarget);
    }

    /// <summary>Ends the store.</summary>
    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _gateway.DisposeAsync();
        await _bare.DisposeAsync();
        _memory.Dispose();
        _bareMemory.Dispose();
        await _redis.DisposeAsync();
    }

    /// <summary>From the server to YARP's client and back, without either: what is left of a request when the kernel has nothing to do.</summary>
    [Benchmark(Description = "all of a request, without sockets")]
    public Task Request() => _memory.AskAsync(RequestTarget);

    /// <summary>The same in bare YARP.</summary>
    [Benchmark(Description = "all of a request, without sockets, bare YARP")]
    public Task BareRequest() => _bareMemory.AskAsync(BareTarget);

    /// <summary>What a request costs at the least: one entry.</summary>
    [Benchmark(Description = "connection look-up, one in use")]
    public async ValueTask<object?> LookUpOne() => await _cache.GetAsync(_ids[0]);

    /// <summary>Entries that lie all over the memory.</summary>
    [Benchmark(Description = "connection look-up, 10,000 in use")]
    public async ValueTask<object?> LookUpMany() => await _cache.GetAsync(_ids[_random.Next(Connections)]);

    /// <summary>Look-up, and whether the token is good, is to be refreshed ahead, or not good.</summary>
    [Benchmark(Description = "token decision, look-up included")]
    public async ValueTask<object?> TokenDecision() => await _tokens.GetAsync(_ids[0], CancellationToken.None);

    /// <summary>From the request line to the upstream's URL.</summary>
    [Benchmark(Description = "path: taken apart, judged, built")]
    public object Path() => Address(RawTarget);

    /// <summary>The same with an encoded query, which nobody has to judge.</summary>
    [Benchmark(Description = "path with an encoded query")]
    public object EncodedQuery() => Address(EncodedTarget);

    /// <summary>The same with an encoded path, which is decoded until nothing changes.</summary>
    [Benchmark(Description = "path with encoded characters")]
    public object EncodedCharacters() => Address(EncodedPath);

    /// <summary>The rules for a request's headers, after they were copied.</summary>
    [Benchmark(Description = "header rules of a request")]
    public object Headers()
    {
        var message = new HttpRequestMessage();
        message.Headers.TryAddWithoutValidation("Accept", "application/json");
        message.Headers.TryAddWithoutValidation("X-Forwarded-For", "10.0.0.1");
        HeaderRules.Apply(_request.Request, message.Headers, "Bearer token");
        return message;
    }

    /// <summary>What an answer says of its token: nothing, nearly always.</summary>
    [Benchmark(Description = "classification of an answer of the API")]
    public async ValueTask<bool> Answer() => await Rejections.OfAsync(Ok, _pair, TimeProvider.System, CancellationToken.None) == Rejection.None;

    /// <summary>A refusal in the token endpoint's own words: the request is written, the answer read and understood.</summary>
    [Benchmark(Description = "exchange, refused, without the network")]
    public async Task<object> Refused() => await _endpoint.RefreshAsync(new Secret("a refresh token"), CancellationToken.None);

    /// <summary>A grant's tokens, decrypted.</summary>
    [Benchmark(Description = "record: tokens decrypted")]
    public object Decrypt() => _protection.Unprotect("a", _ciphertext, default, default);

    /// <summary>A connection read from Redis on this machine and decoded.</summary>
    [Benchmark(Description = "record: read from Redis, decoded")]
    public async Task<object?> Read() => await _store.ReadAsync(_ids[1]);

    /// <summary>A megabyte of search results whose links are rewritten.</summary>
    [Benchmark(Description = "link rewriting, 1 MB")]
    public async Task<long> Links()
    {
        var length = 0L;
        await using var body = new LinkRewritingStream(new MemoryStream(_megabyte), _rules);
        while (await body.ReadAsync(_buffer) is var count and > 0)
        {
            length += count;
        }

        return length;
    }

    /// <summary>The same bytes, copied: what reading them costs without looking.</summary>
    [Benchmark(Description = "the same megabyte, copied")]
    public async Task<long> Copy()
    {
        var length = 0L;
        await using var body = new MemoryStream(_megabyte);
        while (await body.ReadAsync(_buffer) is var count and > 0)
        {
            length += count;
        }

        return length;
    }

    private Uri Address(string rawTarget) => ProxyTarget.Parse(rawTarget, out var target) == TargetError.None
        ? _upstream.Address(target, CloudId, target.PathAndQuery)
        : throw new InvalidOperationException($"{rawTarget} is good.");

    private static byte[] Megabyte()
    {
        var json = new StringBuilder("{\"results\":[");
        for (var number = 0; json.Length < 1_000_000; number++)
        {
            json.Append(number == 0 ? "" : ",").Append(
                $$$"""{"id":"{{{number}}}","type":"page","title":"Release notes {{{number}}}","body":{"storage":{"value":"<p>What was changed, and <a href=\"https://acme.atlassian.net/wiki/spaces/DEMO\">why</a>.</p>"}},"_links":{"self":"https://acme.atlassian.net/wiki/rest/api/content/{{{number}}}","webui":"/spaces/DEMO/pages/{{{number}}}"}}""");
        }

        return Encoding.UTF8.GetBytes(json.Append("],\"_links\":{\"base\":\"https://acme.atlassian.net/wiki\"}}").ToString());
    }

    /// <summary>What the live endpoint answers about a dead refresh token.</summary>
    private sealed class Refusal : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Forbidden)
        {
            Content = new StringContent("""{"error":"unauthorized_client","error_description":"refresh_token is invalid"}""", Encoding.UTF8, "application/json"),
        });
    }
}
