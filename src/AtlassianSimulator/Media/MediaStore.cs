using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace AtlassianSimulator.Media;

/// <summary>Keeps attachments as temporary files, so that their size is the disk's concern and not the memory's.</summary>
internal sealed class MediaStore : IDisposable
{
    private const int Chunk = 128 * 1024;

    private readonly ConcurrentDictionary<string, StoredFile> _files = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("atlassian-simulator-");

    public StoredFile? Find(string? id) => id is not null && _files.TryGetValue(id, out var file) ? file : null;

    /// <summary>Streams content to a new file.</summary>
    public async Task<StoredFile> KeepAsync(string mediaType, Stream content, CancellationToken cancellation)
    {
        var id = Guid.NewGuid().ToString();
        var path = Path.Combine(_folder.FullName, id);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var length = 0L;
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: true);
            int read;
            while ((read = await content.ReadAsync(buffer, cancellation)) > 0)
            {
                hash.AppendData(buffer.AsSpan(0, read));
                await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                length += read;
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Remember(new StoredFile(id, path, mediaType, length, Convert.ToHexStringLower(hash.GetCurrentHash())));
    }

    /// <summary>Keeps content that is at hand.</summary>
    public StoredFile Keep(string mediaType, byte[] content)
    {
        var id = Guid.NewGuid().ToString();
        var path = Path.Combine(_folder.FullName, id);
        File.WriteAllBytes(path, content);
        return Remember(new StoredFile(id, path, mediaType, content.Length, Convert.ToHexStringLower(SHA256.HashData(content))));
    }

    public void Discard(StoredFile file)
    {
        _files.TryRemove(file.Id, out _);
        File.Delete(file.Path);
    }

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A download may still hold its file open; the system's temporary folder is cleaned anyway.
        }
    }

    private StoredFile Remember(StoredFile file)
    {
        _files[file.Id] = file;
        return file;
    }
}
