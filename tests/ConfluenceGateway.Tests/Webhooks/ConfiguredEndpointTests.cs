using System.Net;
using System.Net.Http.Json;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>The endpoint that the settings make.</summary>
public sealed class ConfiguredEndpointTests(Stores stores)
{
    private static readonly string[] Deleted = ["connection.deleted"];

    [Theory, EveryStore]
    public async Task Url_and_secret_from_a_file_are_enough_to_be_sent_events(StoreKind store)
    {
        using var directory = new TemporaryDirectory();
        var file = Path.Combine(directory.Path, "secret");
        var (secret, next) = (WebhookSecret.Random().Reveal(), WebhookSecret.Random().Reveal());
        await File.WriteAllTextAsync(file, secret + "\n");
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(stores.ConnectionString(store), 1, WebhookCalls.Local, $"--Webhooks:Url={receiver.Url}", $"--Webhooks:SecretFile={file}");

        await world.Gateway.TellAsync();
        await Eventually.TrueAsync(() => receiver.Hooks.Count == 1, "the event arrives");
        Assert.True(receiver.Hooks[0].IsSignedWith(secret));

        await File.WriteAllTextAsync(file + ".new", next);
        File.Move(file + ".new", file, overwrite: true);
        await Eventually.TrueAsync(async () =>
        {
            await world.Gateway.TellAsync($"c{receiver.Hooks.Count}");
            return receiver.Hooks[^1].IsSignedWith(next);
        }, "the new secret signs");
    }

    [Fact]
    public async Task It_is_shown_and_disabled_by_the_api_and_otherwise_changed_in_the_settings()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded), 1, WebhookCalls.Local, $"--Webhooks:Url={receiver.Url}", $"--Webhooks:Secret={WebhookSecret.Random().Reveal()}");
        var api = world.Gateway.Operator;

        Assert.Equal(receiver.Url, (await world.Gateway.WebhookAsync("configured")).GetProperty("url").GetString());
        using var elsewhere = await api.PutAsJsonAsync("/api/v1/webhooks/configured", new { url = "https://example.com/" });
        Assert.Contains("Webhooks:Url", (await elsewhere.ProblemAsync(HttpStatusCode.Conflict, "configured-webhook")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var deleted = await api.DeleteAsync("/api/v1/webhooks/configured");
        await deleted.ProblemAsync(HttpStatusCode.Conflict, "configured-webhook");
        using var rotated = await api.PostAsync("/api/v1/webhooks/configured/rotate-secret", null);
        await rotated.ProblemAsync(HttpStatusCode.Conflict, "configured-webhook");

        using var disabled = await api.PutAsJsonAsync("/api/v1/webhooks/configured", new { enabled = false, events = Deleted });
        Assert.False((await disabled.ReadAsync(HttpStatusCode.OK)).GetProperty("enabled").GetBoolean());
        await world.Gateway.TellAsync("demo", "connection.deleted");
        await world.DeliverAsync();
        Assert.Empty(receiver.Hooks);
    }

    [Theory]
    [InlineData("Webhooks:Url: must begin with https://.", "--Webhooks:Url=http://example.com/", "--Webhooks:Secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    [InlineData("Webhooks:Secret: is required with Webhooks:Url", "--Webhooks:Url=https://example.com/")]
    [InlineData("Webhooks:Secret: must be whsec_", "--Webhooks:Url=https://example.com/", "--Webhooks:Secret=short")]
    [InlineData("Webhooks:AllowPrivateNetworks: 'maybe' is not a switch", "--Webhooks:AllowPrivateNetworks=maybe")]
    public async Task Settings_that_are_not_usable_are_told_with_their_remedy(string error, params string[] settings)
    {
        await using var app = Program.Build(settings);

        Assert.Contains(ConfluenceGateway.Configuration.Settings.Errors(app.Services), told => told.StartsWith(error, StringComparison.Ordinal));
        Assert.All(ConfluenceGateway.Configuration.Settings.Errors(app.Services), told => Assert.DoesNotContain("MfKQ9r8", told, StringComparison.Ordinal));
    }
}
