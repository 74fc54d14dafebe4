using System.Security.Cryptography;
using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>The key of the management API: the configured one, or in embedded mode one of its own making.</summary>
internal sealed class AdminKey
{
    private const string Scheme = "Bearer ";
    private readonly IOptionsMonitor<AdminOptions> _options;
    private readonly string _kept = "";

    public AdminKey(IOptionsMonitor<AdminOptions> options, IOptions<RedisOptions> redis, IServiceProvider services)
    {
        _options = options;
        if (options.CurrentValue.ApiKey.Length == 0 && redis.Value.Embedded)
        {
            KeptIn = Path.Combine(services.GetRequiredService<EmbeddedRedis>().DataDirectory, "admin-key");
            (_kept, IsNew) = ReadOrMake(KeptIn);
        }
    }

    /// <summary>The file of a key of the gateway's own making; null when one is configured.</summary>
    public string? KeptIn { get; }

    /// <summary>Whether the key was made at this start.</summary>
    public bool IsNew { get; }

    /// <summary>The key.</summary>
    public string Value => _options.CurrentValue.ApiKey is { Length: > 0 } configured ? configured : _kept;

    /// <summary>Whether an <c>Authorization</c> header carries the key (RFC 6750 section 2.1), compared in constant time.</summary>
    public bool Accepts(string? authorization) =>
        authorization is not null && authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(Hash(authorization[Scheme.Length..].Trim()), Hash(Value));

    // Equal lengths for the comparison, whatever was sent.
    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static (string Key, bool IsNew) ReadOrMake(string path)
    {
        if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } known)
        {
            return (known, false);
        }

        var key = Secret.Random("cgwa_").Reveal();
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(path, options);
        file.WriteLine(key);
        return (key, true);
    }
}
