using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Garnet;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfluenceGateway.Redis;

/// <summary>
/// Garnet in this process: on loopback with a random password, every write answered after it is on disk.
/// </summary>
internal sealed class EmbeddedRedis : IDisposable
{
    // ERROR_SHARING_VIOLATION, and EWOULDBLOCK of flock(2).
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockedOnLinux = 11;
    private const int LockedOnMac = 35;

    private readonly FileStream _directoryLock;
    private readonly GarnetServer _server;

    /// <summary>Starts the store on <paramref name="dataDirectory"/>, which is made when missing.</summary>
    /// <param name="dataDirectory">Where what is written stays.</param>
    /// <param name="freePort">Finds a port; asked again when somebody took that one in between. By default the system is asked.</param>
    /// <exception cref="DataDirectoryInUseException">Another process has the directory.</exception>
    public EmbeddedRedis(string dataDirectory, Func<int>? freePort = null)
    {
        DataDirectory = Path.GetFullPath(dataDirectory);
        Directory.CreateDirectory(DataDirectory);
        _directoryLock = Lock(DataDirectory);
        try
        {
            (_server, ConnectionString) = Start(Path.Combine(DataDirectory, "store"), freePort ?? FreePort);
        }
        catch
        {
            _directoryLock.Dispose();
            throw;
        }
    }

    /// <summary>The directory, as a full path.</summary>
    public string DataDirectory { get; }

    /// <summary>How a client of this process connects.</summary>
    public string ConnectionString { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        _server.Dispose();
        _directoryLock.Dispose();
    }

    private static FileStream Lock(string directory)
    {
        try
        {
            // Held for the life of the process and freed by the kernel, however the process ends.
            return new FileStream(Path.Combine(directory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult is SharingViolation or LockedOnLinux or LockedOnMac)
        {
            throw new DataDirectoryInUseException(directory, exception);
        }
    }

    private static (GarnetServer Server, string ConnectionString) Start(string directory, Func<int> freePort)
    {
        const int Attempts = 5;
        // A session blocks its thread while the disk answers or another session's script runs. With the pool's own minimum,
        // one a processor, a few of them would hold up the very thread they wait for.
        const int Threads = 64;
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, Threads), completions);
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        for (var attempt = 1; ; attempt++)
        {
            var port = freePort();
            var server = new GarnetServer(Arguments(directory, port, password), NullLoggerFactory.Instance);
            try
            {
                server.Start();
                return (server, $"127.0.0.1:{port},password={password}");
            }
            catch (Exception exception) when (attempt < Attempts && exception.GetBaseException() is SocketException)
            {
                // Somebody took the port in between, which Garnet tells in an exception of its own: try another.
                server.Dispose();
            }
        }
    }

    private static string[] Arguments(string directory, int port, string password) =>
    [
        "-q",
        "--bind", "127.0.0.1",
        "--port", port.ToString(CultureInfo.InvariantCulture),
        "--auth", "Password",
        "--password", password,
        // A script is seen whole or not at all, as on Redis. Here that has to be asked for.
        "--lua", "--lua-transaction-mode",
        // Durable: a write is committed to the append-only file before it is answered, and replayed at start.
        "--aof", "--aof-commit-freq", "0", "--aof-commit-wait", "--recover",
        "--checkpointdir", directory,
        // The append-only file is cut by a checkpoint when it passes the limit, and its used-up segments are deleted.
        "--aof-size-limit", "64m", "--aof-segment-size", "16m",
        // Small in memory; what does not fit spills to disk instead of being evicted.
        "--memory", "64m", "--page", "1m", "--index", "8m", "--aof-memory", "16m", "--aof-page-size", "4m",
        "--storage-tier", "--logdir", directory, "--device-type", "RandomAccess",
    ];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Another process has the embedded store's directory.</summary>
internal sealed class DataDirectoryInUseException(string directory, Exception inner) : Exception(
    $"Embedded:DataDirectory: '{directory}' is in use by another process. Give each gateway a directory of its own, or set Redis:ConnectionString so that they share a Redis.",
    inner);
