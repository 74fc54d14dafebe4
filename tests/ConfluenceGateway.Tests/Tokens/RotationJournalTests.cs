using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Tests.Tokens;

/// <summary>The files of the journal: what is in them, who can read them, and what becomes of bad ones.</summary>
public sealed class RotationJournalTests(Stores stores) : IAsyncLifetime
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);
    private readonly TemporaryDirectory _directory = new();
    private World _world = null!;

    private RotationJournal Journal => _world.Gateway.Journal();

    public async ValueTask InitializeAsync() =>
        _world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), settings: [Journals.Setting(_directory)]);

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_rotation_is_read_back_as_it_was_written()
    {
        var written = Rotation();

        var file = await Journal.WriteAsync(written);
        var read = Journal.Read(Assert.Single(Journal.Open()))!;

        Assert.Equal(file, Assert.Single(Journal.Open()));
        Assert.Equal((written.Id, written.Exchange, written.AfterRejection), (read.Id, read.Exchange, read.AfterRejection));
        Assert.Equal(
            (written.Pair.AccessToken.Reveal(), written.Pair.RefreshToken.Reveal(), written.Pair.ObtainedAt, written.Pair.ExpiresAt),
            (read.Pair.AccessToken.Reveal(), read.Pair.RefreshToken.Reveal(), read.Pair.ObtainedAt, read.Pair.ExpiresAt));
    }

    [Fact]
    public async Task No_file_shows_a_token_or_a_fingerprint_in_its_content_or_its_name()
    {
        var rotation = Rotation();

        var file = (await Journal.WriteAsync(rotation))!;

        Assert.Matches("^demo\\.[0-9a-f]{32}\\.rotation$", Assert.Single(_directory.Names()));
        var content = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file.Path));
        Assert.All(
            new[] { rotation.Pair.AccessToken.Reveal(), rotation.Pair.RefreshToken.Reveal(), rotation.Exchange.Spent, rotation.Pair.RefreshToken.Fingerprint },
            secret => Assert.DoesNotContain(secret, content + file.Path, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Files_and_a_directory_of_its_making_belong_to_the_gateways_user_alone()
    {
        Directory.Delete(_directory.Path);
        var file = (await Journal.WriteAsync(Rotation()))!;

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(_directory.Path));
        }
    }

    [Theory]
    [InlineData("empty")]
    [InlineData("cut off")]
    [InlineData("changed")]
    [InlineData("in the clear")]
    [InlineData("of another connection")]
    public async Task A_file_that_cannot_be_decrypted_is_kept_under_another_name_and_told(string damage)
    {
        var file = (await Journal.WriteAsync(Rotation()))!;
        var content = await File.ReadAllBytesAsync(file.Path);
        var damaged = damage switch
        {
            "empty" => Array.Empty<byte>(),
            "cut off" => content[..^1],
            "changed" => [.. content[..^1], (byte)(content[^1] ^ 1)],
            "in the clear" => Encoding.UTF8.GetBytes("{}"),
            _ => content,
        };
        if (damage == "of another connection")
        {
            var other = Path.Combine(_directory.Path, "other.rotation");
            File.Move(file.Path, other);
            file = new JournalFile(ConnectionId.Parse("other", null), other);
        }

        await File.WriteAllBytesAsync(file.Path, damaged);
        Assert.Null(Journal.Read(file));

        Assert.Equal([Path.GetFileName(file.Path) + ".unreadable"], _directory.Names());
        Assert.Equal(damaged, await File.ReadAllBytesAsync(file.Path + ".unreadable"));
        var told = Assert.Single(_world.Gateway.Log.Lines, line => line.Contains($"is kept as {file.Path}.unreadable", StringComparison.Ordinal));
        Assert.StartsWith("Error ", told, StringComparison.Ordinal);
        Assert.Contains("remove the ending and restart", told, StringComparison.Ordinal);
        Assert.Empty(Journal.Open());
    }

    [Fact]
    public async Task A_file_whose_name_tells_no_connection_is_kept_under_another_name()
    {
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "Not-Ours.rotation"), "");

        Assert.Empty(Journal.Open());

        Assert.Equal(["Not-Ours.rotation.unreadable"], _directory.Names());
    }

    [Fact]
    public void A_file_that_another_replica_has_replayed_already_is_none() =>
        Assert.Null(Journal.Read(new JournalFile(Id, Path.Combine(_directory.Path, "demo.gone.rotation"))));

    [Fact]
    public async Task What_was_not_written_to_its_end_is_removed_unless_it_may_still_be_written()
    {
        foreach (var name in new[] { "demo.old.rotation.tmp", "demo.young.rotation.tmp" })
        {
            await File.WriteAllTextAsync(Path.Combine(_directory.Path, name), "half");
        }

        File.SetLastWriteTimeUtc(Path.Combine(_directory.Path, "demo.old.rotation.tmp"), _world.Clock.GetUtcNow().UtcDateTime.AddMinutes(-11));
        Assert.Empty(Journal.Open());

        Assert.Equal(["demo.young.rotation.tmp"], _directory.Names());
    }

    [Fact]
    public async Task A_rotation_that_cannot_be_written_is_an_error_in_the_log_and_leaves_nothing_behind()
    {
        Directory.Delete(_directory.Path);
        await File.WriteAllTextAsync(_directory.Path, "no directory");
        try
        {
            Assert.Null(await Journal.WriteAsync(Rotation()));
        }
        finally
        {
            File.Delete(_directory.Path);
            Directory.CreateDirectory(_directory.Path);
        }

        Assert.Single(_world.Gateway.Log.Lines, line => line.StartsWith("Error ", StringComparison.Ordinal) && line.Contains("cannot be written to Refresh:JournalDirectory", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_directory_there_is_no_journal()
    {
        var journal = (await _world.AddGatewayAsync()).Journal();

        Assert.Null(await journal.WriteAsync(Rotation()));
        Assert.Empty(journal.Open());
    }

    private static UnsavedRotation Rotation() => new(Id, new Exchange(Secret.FingerprintOf("the spent one"), 7), Pairs.Of("a refresh token"), AfterRejection: true);
}
