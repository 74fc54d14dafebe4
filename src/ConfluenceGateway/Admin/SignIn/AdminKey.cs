using System.Security.Cryptography;
using System.Text;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Redis;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Admin.SignIn;

/// <summary>The keys of operators and viewers: the configured ones, and in embedded mode an admin key of its own making.</summary>
internal sealed class AdminKey
{
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

    /// <summary>The key of operators.</summary>
    public string Value => _options.CurrentValue.ApiKey is { Length: > 0 } configured ? configured : _kept;

    /// <summary>The role that <paramref name="key"/> gives, compared in constant time; null when it is no key.</summary>
    public string? RoleOf(string key)
    {
        if (key.Length == 0)
        {
            return null;
        }

        // Both are compared whatever the first one says, so that the time tells nothing.
        var shown = Hash(key);
        var isOperator = CryptographicOperations.FixedTimeEquals(shown, Hash(Value));
        var isViewer = CryptographicOperations.FixedTimeEquals(shown, Hash(_options.CurrentValue.ViewerApiKey));
        return isOperator ? Operators.Operator : isViewer ? Operators.Viewer : null;
    }

    /// <summary>The fingerprint of the key that gives <paramref name="role"/>; it changes with the key.</summary>
    public string FingerprintFor(string role) => Secret.FingerprintOf(role == Operators.Operator ? Value : _options.CurrentValue.ViewerApiKey);

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
