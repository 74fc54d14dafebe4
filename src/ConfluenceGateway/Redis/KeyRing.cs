using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Redis;

/// <summary>
/// The Data Protection key ring in Redis. It is loaded, and on the very first start made, by one replica at a time:
/// two rings made at once would each hide what the other encrypts.
/// </summary>
internal sealed partial class KeyRing(
    IDataProtectionProvider provider, ReloadableKeys keys, KeyRingRepository repository, RedisConnection redis, RedisLocks locks, IOptions<RedisOptions> redisOptions,
    IOptions<KeyRingOptions> options, TimeProvider time, ILogger<KeyRing> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LockLife = TimeSpan.FromSeconds(30);

    /// <summary>After this a replica has read keys that others made.</summary>
    public static readonly TimeSpan ReloadInterval = TimeSpan.FromMinutes(1);

    // Every replica has read a key by then, with room for a slow one.
    private static readonly TimeSpan Propagation = ReloadInterval * 2;

    // Data Protection uses a key this long before it is active, lest the clocks of two replicas differ.
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    // As long as Data Protection gives its own keys.
    private static readonly TimeSpan KeyLife = TimeSpan.FromDays(90);

    private volatile bool _loaded;

    /// <summary>Whether the ring is loaded, so that grants can be read.</summary>
    public bool IsLoaded => _loaded;

    /// <summary>A protector for <paramref name="purposes"/>.</summary>
    /// <exception cref="KeyRingUnavailableException">The ring could not be loaded yet.</exception>
    public IDataProtector Protector(params string[] purposes) =>
        _loaded ? provider.CreateProtector(purposes) : throw new KeyRingUnavailableException();

    /// <summary>Makes a new key, which encrypts once every replica has had the time to read it; the ones before go on decrypting.</summary>
    /// <returns>Its id, and from when on every replica encrypts with it.</returns>
    /// <exception cref="KeyRingUnavailableException">The ring could not be loaded yet.</exception>
    public (Guid Id, DateTimeOffset ActiveAt) AddKey()
    {
        // Data Protection goes by the clock of the machine, whatever clock the gateway runs on.
        var used = TimeProvider.System.GetUtcNow() + Propagation;
        return (AddKey(used + ClockSkew), used + ReloadInterval);
    }

    /// <summary>Makes a new key that is active from <paramref name="activation"/> on.</summary>
    /// <exception cref="KeyRingUnavailableException">The ring could not be loaded yet.</exception>
    internal Guid AddKey(DateTimeOffset activation) =>
        _loaded ? keys.CreateNewKey(activation, activation + KeyLife).KeyId : throw new KeyRingUnavailableException();

    /// <summary>Encrypts anew what was encrypted under a key that no longer does; null when the key still does.</summary>
    /// <exception cref="KeyRingUnavailableException">The ring could not be loaded yet.</exception>
    /// <exception cref="CryptographicException">Made for other purposes, with another ring, or damaged.</exception>
    public byte[]? Reencrypt(byte[] ciphertext, params string[] purposes)
    {
        var protector = (IPersistedDataProtector)Protector(purposes);
        var plain = protector.DangerousUnprotect(ciphertext, ignoreRevocationErrors: true, out var isOld, out _);
        return isOld ? protector.Protect(plain) : null;
    }

    /// <summary>Has the ring read anew, in the background.</summary>
    public void Reload() => keys.Reload();

    /// <summary>Registers Data Protection with its ring in Redis, wrapped by the certificate when one is given.</summary>
    public static void Register(IServiceCollection services, KeyRingOptions options)
    {
        services.AddSingleton<KeyRingRepository>();
        var dataProtection = services.AddDataProtection().SetApplicationName("ConfluenceGateway");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(management =>
        {
            management.XmlRepository = provider.GetRequiredService<KeyRingRepository>();
        }));
        services.AddSingleton<XmlKeyManager>();
        services.AddSingleton<ReloadableKeys>();
        services.AddSingleton<IKeyManager>(provider => provider.GetRequiredService<ReloadableKeys>());
        services.AddSingleton<KeyRingWrapping>();
        // A certificate that cannot be opened is told with all other errors of the settings, before the ring is touched.
        if (options.TryLoadCertificate() is { } certificate)
        {
            dataProtection.ProtectKeysWithCertificate(certificate);
        }

        if (options.TryLoadPreviousCertificate() is { } previous)
        {
            dataProtection.UnprotectKeysWithAnyCertificate(previous);
        }
    }

    /// <summary>The first try comes before anything else starts: with Redis there, the gateway starts with its ring.</summary>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!redisOptions.Value.Embedded && options.Value.CertificateFile.Length == 0)
        {
            Log.Unwrapped(logger);
        }

        await TryLoadAsync();
    }

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!await TryLoadAsync())
        {
            await Task.Delay(RetryInterval, time, stoppingToken);
        }

        while (true)
        {
            await Task.Delay(ReloadInterval, time, stoppingToken);
            keys.Reload();
        }
    }

    private async Task<bool> TryLoadAsync()
    {
        if (_loaded)
        {
            return true;
        }

        if (!redis.IsConnected)
        {
            return false;
        }

        try
        {
            await using var held = await locks.TryAcquireAsync("keyring", LockLife);
            if (held is null)
            {
                return false;
            }

            if (keys.GetAllKeys().FirstOrDefault(key => !IsReadable(key)) is { } unreadable)
            {
                Log.WrongCertificate(logger, unreadable.KeyId);
                return false;
            }

            // The first use loads the ring, and makes its first key when there is none.
            repository.AllowNewKeys();
            provider.CreateProtector("warm-up").Protect([]);
            _loaded = true;
            return true;
        }
        catch (Exception exception)
        {
            // Whatever it is (Redis, a ring wrapped by another certificate), the gateway stays up, says so and tries again.
            Log.NotLoaded(logger, exception);
            return false;
        }
    }

    private static bool IsReadable(IKey key)
    {
        try
        {
            return key.CreateEncryptor() is not null;
        }
        catch (Exception exception) when (exception is CryptographicException or InvalidOperationException or System.Xml.XmlException)
        {
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The key ring lies unwrapped in Redis: whoever reads Redis can read every grant. Set DataProtection:CertificateFile.")]
        public static partial void Unwrapped(ILogger logger);

        [LoggerMessage(LogLevel.Error, "Key {Key} of the ring cannot be read, so some grants cannot. Set DataProtection:CertificateFile to the certificate that wraps the ring. Trying again.")]
        public static partial void WrongCertificate(ILogger logger, Guid key);

        [LoggerMessage(LogLevel.Error, "The key ring cannot be loaded; grants cannot be read. Trying again.")]
        public static partial void NotLoaded(ILogger logger, Exception exception);
    }
}

/// <summary>The key ring could not be loaded yet.</summary>
internal sealed class KeyRingUnavailableException() : Exception("The key ring is not loaded yet.");
