using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>A receiver of webhooks, over real HTTP, that answers as a test wants.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedHook> _hooks = new();

    private Receiver(WebApplication app) => _app = app;

    /// <summary>Where it is.</summary>
    public string Url => _app.Urls.Single() + "/hooks";

    /// <summary>Its port.</summary>
    public int Port => new Uri(Url).Port;

    /// <summary>Everything that was sent to it, in order, whatever it answered.</summary>
    public IReadOnlyList<ReceivedHook> Hooks => [.. _hooks];

    /// <summary>The ids of the events that it answered with 2xx, in order.</summary>
    public IEnumerable<string> Processed => Hooks.Where(hook => hook.Status is >= 200 and < 300).Select(hook => hook.Id);

    /// <summary>Answers; 204 unless a test wants otherwise.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = Status(204);

    public static Func<HttpContext, Task> Status(int status, string? retryAfter = null) => context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is not null)
        {
            context.Response.Headers.RetryAfter = retryAfter;
        }

        return Task.CompletedTask;
    };

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.ReceiveAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync();
        var hook = new ReceivedHook(
            context.Request.Method, context.Request.Path, context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body);
        _hooks.Enqueue(hook);
        await Answer(context);
        hook.Status = context.Response.StatusCode;
    }
}

/// <summary>A webhook as it came.</summary>
internal sealed record ReceivedHook(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Id => Headers["webhook-id"];

    public string Signature => Headers["webhook-signature"];

    /// <summary>What it was answered; zero while it is not.</summary>
    public int Status { get; set; }

    /// <summary>Verifies it as the specification tells receivers to, for one secret.</summary>
    public bool IsSignedWith(string secret)
    {
        var content = System.Text.Encoding.UTF8.GetBytes($"{Id}.{Headers["webhook-timestamp"]}.{Body}");
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        return Signature.Split(' ').Contains("v1," + Convert.ToBase64String(System.Security.Cryptography.HMACSHA256.HashData(key, content)));
    }
}
