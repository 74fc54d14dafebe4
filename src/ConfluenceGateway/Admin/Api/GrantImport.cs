using System.Text;
using System.Text.Json;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Tokens;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ConfluenceGateway.Admin.Api;

/// <summary>
/// Takes over a refresh token that lives elsewhere. It is rotated at once, so that no other copy works, and its successor
/// is held until it has a connection to go to: an import that names the wrong site loses nothing.
/// </summary>
internal sealed partial class GrantImport(
    TokenEndpoint endpoint, ConfigurationCircuit circuit, RefusalGuard guard, AccessibleResources resources, ConnectionStore store, GrantStore grants, HeldPairs held,
    RedisConnection redis, RedisKeys keys, RedisLocks locks, IOptionsMonitor<AtlassianOptions> options, TimeProvider time, ILogger<GrantImport> logger)
{
    private static readonly TimeSpan HoldLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    /// <summary>Imports <paramref name="refreshToken"/> into <paramref name="connection"/>. The same import again changes nothing.</summary>
    /// <exception cref="StoreUnavailableException">The store is out of reach.</exception>
    /// <exception cref="AtlassianUnavailableException">Atlassian is out of reach after the rotation; the successor is held.</exception>
    public async Task<ImportOutcome> ImportAsync(Connection connection, Secret refreshToken, string? cloudId, string? siteUrl)
    {
        // Two imports of one token at the same time would rotate it twice.
        await using var alone = await locks.TryAcquireAsync("import:" + refreshToken.Fingerprint, Timeout + Timeout);
        if (alone is null)
        {
            return new ImportOutcome.Failed(AdminProblems.ImportUnanswered("Another import of the same token is under way", TimeSpan.FromSeconds(2)));
        }

        var imported = keys.Imported(refreshToken.Fingerprint);
        if (await DestinationAsync(imported) is { } destination && await store.ReadAsync(destination) is { Grant.IsImported: true })
        {
            return destination == connection.Id
                ? new ImportOutcome.Unchanged()
                : new ImportOutcome.Failed(AdminProblems.ImportedElsewhere(destination));
        }

        using var timeout = new CancellationTokenSource(Timeout, time);
        var key = keys.Import(refreshToken.Fingerprint);
        var pair = await held.FindAsync(key);
        if (pair is not null && await store.ReadAsync(connection.Id) is { Grant: { IsImported: true } grant } && grant.ConsentedAt >= pair.Pair.ObtainedAt)
        {
            // It was stored, and the process ended before it was noted. What is held has most likely been spent since.
            await FinishAsync(connection.Id, imported, key);
            return new ImportOutcome.Unchanged();
        }

        if (pair is null || pair.Pair.ExpiresAt <= time.GetUtcNow())
        {
            // What is held lives on as a refresh token when its access token has ended.
            (pair, var problem) = await RotateAsync(pair?.Pair.RefreshToken ?? refreshToken, timeout.Token);
            if (pair is null)
            {
                return new ImportOutcome.Failed(problem!);
            }

            await held.HoldAsync(key, pair, HoldLife);
        }

        var sites = await resources.SitesAsync(pair.Pair.AccessToken, timeout.Token);
        var wanted = connection with { CloudId = cloudId ?? (siteUrl is null ? connection.CloudId : null), SiteUrl = siteUrl ?? connection.SiteUrl };
        if (SiteSelection.Of(wanted, sites) is not SiteSelection.Selected { Site: var site })
        {
            return new ImportOutcome.Failed(AdminProblems.SiteNotCovered(cloudId ?? siteUrl ?? wanted.CloudId ?? wanted.SiteUrl, sites, time.GetUtcNow() + HoldLife));
        }

        var account = await resources.AccountIdAsync(site.CloudId, pair.Pair.AccessToken, timeout.Token);
        if (await grants.ReplaceAsync(connection.Id, pair.Pair, options.CurrentValue.ClientId, account, site.CloudId, site.Url, isImport: true) is not { } generation)
        {
            return new ImportOutcome.Failed(AdminProblems.UnknownConnection(connection.Id));
        }

        await FinishAsync(connection.Id, imported, key);
        Log.Imported(logger, connection.Id, site.Url, generation);
        return new ImportOutcome.Imported();
    }

    private Task<ConnectionId?> DestinationAsync(RedisKey imported) => StoreUnavailableException.GuardAsync(async () =>
        ConnectionId.TryParse(await redis.Database.StringGetAsync(imported), out var id) ? id : (ConnectionId?)null);

    private async Task FinishAsync(ConnectionId id, RedisKey imported, RedisKey key)
    {
        await StoreUnavailableException.GuardAsync(() => redis.Database.StringSetAsync(imported, id.Value, HoldLife));
        await held.ReleaseAsync(key);
    }

    private async Task<(HeldPair? Pair, Problem? Problem)> RotateAsync(Secret refreshToken, CancellationToken cancellationToken)
    {
        if (Audience(refreshToken) is { } audience && audience != options.CurrentValue.ClientId)
        {
            return (null, AdminProblems.ImportRejected(ReauthReason.WrongApp, $"it was given to client id {audience}"));
        }

        switch (await endpoint.RefreshAsync(refreshToken, cancellationToken))
        {
            case TokenAnswer.Success success:
                guard.Accepted(options.CurrentValue.ClientId);
                return (new HeldPair(success.Pair, success.Scopes, ""), null);
            case TokenAnswer.Dead dead:
                return (null, AdminProblems.ImportRejected(ReauthReason.Revoked, dead.Evidence));
            case TokenAnswer.Misconfigured misconfigured:
                circuit.Open(misconfigured.Evidence);
                return (null, AdminProblems.Misconfigured(misconfigured.Evidence, ConfigurationCircuit.ProbeInterval));
            case TokenAnswer.Unsent unsent:
                return (null, AdminProblems.ImportUnanswered(unsent.Evidence, unsent.RetryAfter ?? TimeSpan.FromSeconds(5)));
            case TokenAnswer.Ambiguous ambiguous:
                return (null, AdminProblems.ImportUnanswered(ambiguous.Evidence, TimeSpan.FromSeconds(5)));
            default:
                throw new InvalidOperationException("A refresh cannot be answered otherwise.");
        }
    }

    /// <summary>
    /// The client id a token was given to, when the token tells. Atlassian does not promise that tokens are JWTs, so one that
    /// is not, or names none, is left for the token endpoint to judge.
    /// </summary>
    private static string? Audience(Secret refreshToken)
    {
        try
        {
            return refreshToken.Reveal().Split('.') is [_, var payload, _]
                && JsonDocument.Parse(Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(payload))).RootElement is { ValueKind: JsonValueKind.Object } claims
                && claims.TryGetProperty("aud", out var audience) && audience.ValueKind == JsonValueKind.String
                    ? audience.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Id} took over a refresh token for {Site} as generation {Generation}.")]
        public static partial void Imported(ILogger logger, ConnectionId id, string site, long generation);
    }
}

/// <summary>What became of an import. The set is closed: handle it with a <c>switch</c>.</summary>
internal abstract record ImportOutcome
{
    private ImportOutcome()
    {
    }

    /// <summary>The grant is stored.</summary>
    internal sealed record Imported : ImportOutcome;

    /// <summary>The same token was imported into the same connection before.</summary>
    internal sealed record Unchanged : ImportOutcome;

    /// <summary>Nothing was stored.</summary>
    internal sealed record Failed(Problem Problem) : ImportOutcome;
}
