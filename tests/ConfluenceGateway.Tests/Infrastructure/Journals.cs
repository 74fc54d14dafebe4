using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>What tests do with the journal of unsaved rotations.</summary>
internal static class Journals
{
    public const string Unsaved = "confluence_gateway_unsaved_rotations";

    /// <summary>The setting that keeps the journal in <paramref name="directory"/>.</summary>
    public static string Setting(TemporaryDirectory directory) => $"--Refresh:JournalDirectory={directory.Path}";

    /// <summary>The names of the files in <paramref name="directory"/>.</summary>
    public static string[] Names(this TemporaryDirectory directory) => [.. Directory.GetFiles(directory.Path).Select(file => Path.GetFileName(file)!).Order()];

    /// <summary>The gateway's journal.</summary>
    public static RotationJournal Journal(this TestGateway gateway) => gateway.Services.GetRequiredService<RotationJournal>();

    /// <summary>Leaves a rotation of the stored token behind, as a process does that is killed before the store takes it.</summary>
    /// <param name="gateway">Whose journal it is.</param>
    /// <param name="id">The connection.</param>
    /// <param name="refreshToken">The token that the exchange gave.</param>
    public static async Task<JournalFile> LeaveAsync(this TestGateway gateway, string id, string refreshToken)
    {
        var spent = (await gateway.StoredGrantAsync(id)).Pair.RefreshToken.Fingerprint;
        var rotation = new UnsavedRotation(ConnectionId.Parse(id, null), new Exchange(spent, 1), Pairs.Of(refreshToken), AfterRejection: false);
        return (await gateway.Journal().WriteAsync(rotation))!;
    }

    /// <summary>Makes a connection whose refresh token is <paramref name="refreshToken"/>.</summary>
    public static async Task GiveAsync(this TestGateway gateway, string id, string refreshToken)
    {
        await gateway.CreateAsync(id);
        Assert.NotNull(await gateway.Services.GetRequiredService<GrantStore>().ReplaceAsync(
            ConnectionId.Parse(id, null), Pairs.Of(refreshToken), World.ClientId, null, World.AcmeCloudId, "https://acme.atlassian.net"));
    }
}
