using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace ConfluenceGateway.Compatibility.V1;

/// <summary>The calls of v2, and of what v1 has kept, that serve one call of v1: each read is made once, a few at a time, and none after one that says that all would fail.</summary>
/// <param name="send">Makes a call of the site.</param>
/// <param name="aborted">Ends them all when the caller has gone.</param>
internal sealed class V2Calls(SiteCall send, CancellationToken aborted) : IDisposable
{
    /// <summary>The most calls that one call of v1 may cost.</summary>
    public const int Most = 300;

    /// <summary>The most that are under way at a time for one call of v1.</summary>
    public const int MostAtATime = 8;

    private const string V2 = "/wiki/api/v2";

    private readonly ConcurrentDictionary<string, Lazy<Task<SiteAnswer>>> _reads = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _turns = new(MostAtATime);
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(aborted);
    private Task<SiteAnswer>? _last;
    private int _made;

    /// <summary>How many calls were made.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>Whether something was changed, so that a failure from here on must not look as if nothing had been.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Reads something of v2.</summary>
    /// <param name="path">Below <c>/wiki/api/v2</c>.</param>
    /// <param name="notFound">What v1 says is not there, when v2 answers 404.</param>
    /// <exception cref="V1Exception">It is not there, or could not be read.</exception>
    public async Task<JsonObject> GetAsync(string path, Func<V1Exception> notFound)
    {
        var answer = await ReadAsync(V2 + path);
        return answer.IsSuccess ? Object(answer) : throw V1Exception.Of(answer, notFound);
    }

    /// <summary>Reads something of v2; null when it is not there.</summary>
    /// <exception cref="V1Exception">It could not be read.</exception>
    public async Task<JsonObject?> FindAsync(string path)
    {
        var answer = await ReadAsync(V2 + path);
        return answer.IsSuccess ? Object(answer) : answer.Status == 404 ? null : throw V1Exception.Of(answer, () => V1Exception.NotFound(path));
    }

    /// <summary>Reads something that v1 has kept; its errors are v1's already.</summary>
    /// <param name="path">Below <c>/wiki</c>.</param>
    /// <exception cref="V1Exception">It could not be read.</exception>
    public async Task<JsonObject> GetKeptAsync(string path)
    {
        var answer = await ReadAsync("/wiki" + path);
        return answer.IsSuccess ? Object(answer) : throw V1Exception.AsItCame(answer);
    }

    /// <summary>Reads something that v1 has kept and that may be different each time.</summary>
    /// <inheritdoc cref="GetKeptAsync"/>
    public async Task<JsonObject> PollKeptAsync(string path)
    {
        var answer = await SendAsync(HttpMethod.Get, "/wiki" + path, null, changes: false);
        return answer.IsSuccess ? Object(answer) : throw V1Exception.AsItCame(answer);
    }

    /// <summary>Changes something by v2. What was read before is not believed any more.</summary>
    /// <param name="method">POST, PUT or DELETE.</param>
    /// <param name="path">Below <c>/wiki/api/v2</c>.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="notFound">What v1 says is not there, when v2 answers 404.</param>
    /// <returns>What v2 answers; null when it has nothing to say.</returns>
    /// <exception cref="V1Exception">It was refused, and nothing changed.</exception>
    public Task<JsonNode?> ChangeAsync(HttpMethod method, string path, JsonNode? body, Func<V1Exception> notFound) => WriteAsync(method, V2 + path, body, notFound, changes: true);

    /// <summary>Changes something by what v1 has kept.</summary>
    /// <param name="method">POST, PUT or DELETE.</param>
    /// <param name="path">Below <c>/wiki</c>.</param>
    /// <param name="body">What is sent.</param>
    /// <returns>What v1 answers; null when it has nothing to say.</returns>
    /// <exception cref="V1Exception">It was refused.</exception>
    public Task<JsonNode?> ChangeKeptAsync(HttpMethod method, string path, JsonNode? body) => WriteAsync(method, "/wiki" + path, body, notFound: null, changes: true);

    /// <summary>Asks v2 something by POST that changes nothing.</summary>
    /// <inheritdoc cref="ChangeAsync"/>
    public Task<JsonNode?> AskAsync(string path, JsonNode body, Func<V1Exception> notFound) => WriteAsync(HttpMethod.Post, V2 + path, body, notFound, changes: false);

    /// <summary>Asks what v1 has kept something by POST that changes nothing.</summary>
    /// <inheritdoc cref="ChangeKeptAsync"/>
    public Task<JsonNode?> AskKeptAsync(string path, JsonNode body) => WriteAsync(HttpMethod.Post, "/wiki" + path, body, notFound: null, changes: false);

    /// <inheritdoc />
    public void Dispose()
    {
        // Whatever is still under way serves nobody.
        _ended.Cancel();
        _ended.Dispose();
    }

    private async Task<SiteAnswer> ReadAsync(string path)
    {
        var answer = await _reads.GetOrAdd(path, _ => new(() => SendAsync(HttpMethod.Get, path, null, changes: false))).Value;
        if (!answer.IsSuccess)
        {
            // Who asks again has a reason.
            _reads.TryRemove(path, out _);
        }

        return answer;
    }

    private async Task<JsonNode?> WriteAsync(HttpMethod method, string path, JsonNode? body, Func<V1Exception>? notFound, bool changes)
    {
        var answer = await SendAsync(method, path, body, changes);
        if (!answer.IsSuccess)
        {
            throw notFound is null ? V1Exception.AsItCame(answer) : V1Exception.Of(answer, notFound);
        }

        if (changes)
        {
            HasWritten = true;
            _reads.Clear();
        }

        return answer.Json();
    }

    private async Task<SiteAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, bool changes)
    {
        await _turns.WaitAsync(_ended.Token);
        try
        {
            return await (Volatile.Read(ref _last) ?? SendNextAsync(method, path, body, changes));
        }
        finally
        {
            _turns.Release();
        }
    }

    private async Task<SiteAnswer> SendNextAsync(HttpMethod method, string path, JsonNode? body, bool changes)
    {
        if (_made >= Most || Interlocked.Increment(ref _made) > Most)
        {
            throw V1Exception.Invalid($"Sub-expansions limit exceeded: this takes more than {Most} calls of v2. Ask for fewer results at a time, or expand less");
        }

        var call = send(method, path, body, changes, _ended.Token);
        try
        {
            var answer = await call;
            if (answer.Status == StatusCodes.Status429TooManyRequests)
            {
                // Whatever is still to be asked would be throttled too, and count against the quota.
                Volatile.Write(ref _last, call);
            }

            return answer;
        }
        catch (V1Exception)
        {
            // There is no token, or no way to the site.
            Volatile.Write(ref _last, call);
            throw;
        }
    }

    private static JsonObject Object(SiteAnswer answer) =>
        answer.Json() as JsonObject ?? throw V1Exception.NotJson();
}
