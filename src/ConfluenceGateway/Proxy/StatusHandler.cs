using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace ConfluenceGateway.Proxy;

/// <summary>Tells a scheduler whether a connection serves, before it starts its work; from the cache, and without a call to Atlassian.</summary>
internal sealed class StatusHandler(
    CallerCheck callers, ConnectionCache connections, ConfigurationCircuit circuit, ProxyProblems problems, IOptionsMonitor<AtlassianOptions> atlassian)
{
    /// <summary>What stands before the connection's id.</summary>
    public const string Path = "/confluence-status";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Answers one request below <see cref="Path"/>.</summary>
    public async Task HandleAsync(HttpContext context) => await (await AnswerAsync(context)).ExecuteAsync(context);

    private async Task<IResult> AnswerAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            context.Response.Headers.Allow = "GET, HEAD";
            return ProxyProblems.StatusIsRead(context.Request.Method);
        }

        if (!context.Request.Path.StartsWithSegments(Path, out var rest) || rest.Value is not ['/', .. var text] || !ConnectionId.TryParse(text, out var id))
        {
            return ProxyProblems.Of(TargetError.InvalidConnectionId);
        }

        if (await callers.RefusalAsync(context, id) is { } refusal)
        {
            return refusal;
        }

        try
        {
            return await connections.GetAsync(id) is { } snapshot ? Answer(context, Of(snapshot)) : problems.Of(id, new TokenOutcome.Unknown());
        }
        catch (StoreUnavailableException)
        {
            return CallerProblems.StoreUnavailable();
        }
    }

    private ConnectionStatus Of(ConnectionSnapshot snapshot)
    {
        var id = snapshot.Connection.Id;
        if (snapshot.State is ConnectionState.Paused)
        {
            return new ConnectionStatus(id.Value, snapshot.State);
        }

        var app = atlassian.CurrentValue;
        return snapshot.Grant is not { } grant ? new ConnectionStatus(id.Value, ConnectionState.Pending) { ReconnectUrl = problems.ReconnectUrl(id) }
            : (grant.Death ?? ReauthReasons.WrongApp(grant, app)) is { } death ? new ConnectionStatus(id.Value, ConnectionState.ReauthRequired)
            {
                Reason = GrantRecord.Name(death.Reason),
                Since = death.Since,
                ReconnectUrl = problems.ReconnectUrl(id),
            }
            // Its token may serve on for a while, but nothing that is started now should count on that.
            : circuit.Evidence is not null || !app.IsConfigured ? new ConnectionStatus(id.Value, ConnectionState.Active) { Reason = "gateway_misconfigured" }
            : new ConnectionStatus(id.Value, ConnectionState.Active) { Ready = true };
    }

    private static IResult Answer(HttpContext context, ConnectionStatus status)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(status, Json);
        // A link is another one each time, and nothing that should lie in a cache.
        context.Response.Headers.CacheControl = status.ReconnectUrl is null ? "private, max-age=10" : "no-store";
        return Results.Bytes(body, "application/json", entityTag: status.ReconnectUrl is null ? Tag(body) : null);
    }

    private static EntityTagHeaderValue Tag(byte[] body) => new($"\"{WebEncoders.Base64UrlEncode(SHA256.HashData(body))}\"");

    /// <summary>The answer.</summary>
    private sealed record ConnectionStatus(string Id, ConnectionState State)
    {
        /// <summary>Whether requests would be forwarded now, and in the next hours.</summary>
        public bool Ready { get; init; }

        /// <summary>Why it is not ready, where the state does not say it all.</summary>
        public string? Reason { get; init; }

        /// <summary>Since when the grant is dead.</summary>
        public DateTimeOffset? Since { get; init; }

        /// <summary>Where a person connects it.</summary>
        public string? ReconnectUrl { get; init; }
    }
}
