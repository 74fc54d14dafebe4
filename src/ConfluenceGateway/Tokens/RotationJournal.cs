using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;
using Microsoft.Win32.SafeHandles;

namespace ConfluenceGateway.Tokens;

/// <summary>
/// R8: rotations that the store did not take, one encrypted file each in <see cref="RefreshOptions.JournalDirectory"/>, so that
/// a killed process loses none. Several replicas may share the directory.
/// </summary>
/// <remarks>
/// A file is named <c>{connection}.{random}.rotation</c>. The name tells whose key reads it: under another connection's name it
/// cannot be decrypted.
/// </remarks>
internal sealed partial class RotationJournal(
    GrantProtection protection, IOptions<RefreshOptions> options, TimeProvider time, ILogger<RotationJournal> logger)
{
    private const string Ending = ".rotation";
    private const string TemporaryEnding = ".rotation.tmp";
    private const string UnreadableEnding = ".unreadable";

    // A younger one may be another replica's that is being written.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromMinutes(10);

    // What another version wrote differently must not pass for half an entry.
    private static readonly JsonSerializerOptions Strict = new()
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly string? _directory = options.Value.JournalDirectory is { Length: > 0 } directory ? Path.GetFullPath(directory) : null;

    /// <summary>Why <paramref name="directory"/> cannot hold a journal; null when it can. It is made when missing.</summary>
    public static string? Refusal(string directory)
    {
        try
        {
            Make(directory);
            Directory.GetFiles(directory, "*" + Ending);
            using var probe = Create(Path.Combine(directory, $"probe.{Guid.NewGuid():N}{TemporaryEnding}"), FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return exception.Message.TrimEnd('.');
        }
    }

    /// <summary>The files that earlier processes left; what they did not finish writing is removed.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be read.</exception>
    public IReadOnlyList<JournalFile> Open()
    {
        if (_directory is null)
        {
            return [];
        }

        Make(_directory);
        foreach (var leftover in Directory.GetFiles(_directory, "*" + TemporaryEnding))
        {
            if (File.GetLastWriteTimeUtc(leftover) < time.GetUtcNow() - LongestWrite)
            {
                Delete(leftover);
            }
        }

        var files = new List<JournalFile>();
        foreach (var path in Directory.GetFiles(_directory, "*" + Ending))
        {
            if (ConnectionId.TryParse(Path.GetFileName(path).Split('.')[0], out var id))
            {
                files.Add(new JournalFile(id, path));
            }
            else
            {
                SetAside(path, exception: null);
            }
        }

        return files;
    }

    /// <summary>Writes <paramref name="rotation"/>; when this ends, it is on disk.</summary>
    /// <returns>Its file; null when there is no journal, or it could not be written, which is logged.</returns>
    public Task<JournalFile?> WriteAsync(UnsavedRotation rotation) =>
        _directory is null ? Task.FromResult<JournalFile?>(null) : Task.Run(() => Write(_directory, rotation));

    /// <summary>Reads a file that an earlier process left.</summary>
    /// <returns>The rotation; null when the file is gone, or cannot be decrypted and was set aside, which is logged.</returns>
    /// <exception cref="KeyRingUnavailableException">The key ring is not loaded yet.</exception>
    /// <exception cref="CryptographicException">The key ring is out of reach.</exception>
    /// <exception cref="IOException">The file cannot be read now.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public UnsavedRotation? Read(JournalFile file)
    {
        try
        {
            var content = protection.UnprotectRotation(file.Id, File.ReadAllBytes(file.Path));
            var entry = JsonSerializer.Deserialize<Entry>(content, Strict)!;
            var pair = new TokenPair(new Secret(entry.AccessToken), new Secret(entry.RefreshToken), entry.ObtainedAt, entry.ExpiresAt);
            return new UnsavedRotation(file.Id, new Exchange(entry.Spent, entry.Attempt), pair, entry.AfterRejection);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another replica was faster.
            return null;
        }
        catch (Exception exception) when (exception is CryptographicException or JsonException && !RedisConnection.IsUnavailable(exception.GetBaseException()))
        {
            SetAside(file.Path, exception);
            return null;
        }
    }

    /// <summary>Removes the file of a rotation that is settled. One that stays is settled again by the next start.</summary>
    public void Remove(JournalFile file) => Delete(file.Path);

    private JournalFile? Write(string directory, UnsavedRotation rotation)
    {
        var path = Path.Combine(directory, $"{rotation.Id}.{Guid.NewGuid():N}{Ending}");
        var temporary = Path.ChangeExtension(path, TemporaryEnding);
        try
        {
            Make(directory);
            var pair = rotation.Pair;
            var entry = new Entry(
                rotation.Exchange.Spent, rotation.Exchange.Attempt, pair.AccessToken.Reveal(), pair.RefreshToken.Reveal(), pair.ObtainedAt, pair.ExpiresAt, rotation.AfterRejection);
            using (var file = Create(temporary, FileOptions.None))
            {
                file.Write(protection.ProtectRotation(rotation.Id, JsonSerializer.SerializeToUtf8Bytes(entry, Strict)));
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path);
            SyncDirectory(directory);
            Log.Written(logger, rotation.Id, path);
            return new JournalFile(rotation.Id, path);
        }
        catch (Exception exception)
        {
            // Whatever it is, the pair is still held and served.
            Log.NotWritten(logger, rotation.Id, exception);
            Delete(temporary);
            Delete(path);
            return null;
        }
    }

    private static void Make(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream Create(string path, FileOptions options)
    {
        var creation = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Options = options,
        };
        if (!OperatingSystem.IsWindows())
        {
            creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, creation);
    }

    /// <summary>Makes the new name as durable as the content: a rename is a write to the directory. .NET opens no directories itself.</summary>
    private static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var handle = new SafeFileHandle(OpenForReading(directory, flags: 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"'{directory}' cannot be opened: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        RandomAccess.FlushToDisk(handle);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenForReading([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    private void SetAside(string path, Exception? exception)
    {
        try
        {
            File.Move(path, path + UnreadableEnding, overwrite: true);
            Log.Unreadable(logger, path + UnreadableEnding, exception);
        }
        catch (FileNotFoundException)
        {
            // Another replica was faster.
        }
    }

    private void Delete(string path)
    {
        try
        {
            // In a directory that is gone there is nothing to complain of.
            if (File.Exists(path))
            {
                File.Delete(path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.NotRemoved(logger, path, exception);
        }
    }

    private sealed record Entry(
        string Spent, long Attempt, string AccessToken, string RefreshToken, DateTimeOffset ObtainedAt, DateTimeOffset ExpiresAt, bool AfterRejection);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The new pair of {Id} is in the journal, in {Path}.")]
        public static partial void Written(ILogger logger, ConnectionId id, string path);

        [LoggerMessage(LogLevel.Error, "The new pair of {Id} cannot be written to Refresh:JournalDirectory: it is held in this process only, and tried again. Make room, or make the directory writable.")]
        public static partial void NotWritten(ILogger logger, ConnectionId id, Exception exception);

        [LoggerMessage(LogLevel.Error, "A file of the journal cannot be read, and is kept as {Path}. It is damaged, or was written with the key ring of another store. With that ring back, remove the ending and restart; else delete it once its connection serves, or was connected again.")]
        public static partial void Unreadable(ILogger logger, string path, Exception? exception);

        [LoggerMessage(LogLevel.Warning, "{Path} cannot be removed from the journal.")]
        public static partial void NotRemoved(ILogger logger, string path, Exception exception);
    }
}

/// <summary>A file of the journal.</summary>
/// <param name="Id">The connection it is for.</param>
/// <param name="Path">Where it is.</param>
internal sealed record JournalFile(ConnectionId Id, string Path);
