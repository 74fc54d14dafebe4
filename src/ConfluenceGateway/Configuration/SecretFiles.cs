using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Configuration;

/// <summary>
/// Reads a secret <c>X</c> from the file that <c>XFile</c> names, and reads it again when it changes.
/// </summary>
/// <remarks>
/// Files are polled: secrets mounted by Kubernetes change by a symbolic link far up the path, which file notices miss.
/// </remarks>
internal sealed class SecretFiles : ConfigurationProvider, IConfigurationSource, IDisposable
{
    /// <summary>The settings that may be given as a file.</summary>
    public static readonly IReadOnlyList<string> Keys =
        ["Atlassian:ClientSecret", "Admin:ApiKey", "Admin:ViewerApiKey", "Admin:Oidc:ClientSecret", "Redis:ConnectionString", "DataProtection:CertificatePassword", "DataProtection:PreviousCertificatePassword", "Webhooks:Secret"];

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private readonly Dictionary<string, string> _paths = [];
    private readonly List<string> _errors = [];
    private readonly HashSet<(string Key, string Secret)> _refused = [];
    private readonly ITimer? _timer;

    private SecretFiles(IConfiguration configuration, TimeProvider time)
    {
        foreach (var key in Keys)
        {
            if (configuration[key + "File"] is not { Length: > 0 } path)
            {
                continue;
            }

            if (configuration[key] is { Length: > 0 })
            {
                _errors.Add($"{key} and {key}File: both are set. Keep one of them.");
            }

            _paths[key] = path;
            if (Read(path) is null)
            {
                _errors.Add($"{key}File: '{path}' cannot be read or is empty. Name a readable file that holds the secret.");
            }
        }

        if (_paths.Count > 0)
        {
            _timer = time.CreateTimer(_ => Load(), null, PollInterval, PollInterval);
        }
    }

    /// <summary>What was wrong with the files at start, each naming its key and the remedy.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Adds the secrets from files on top of everything configured so far.</summary>
    public static void AddTo(WebApplicationBuilder builder, TimeProvider time)
    {
        var files = new SecretFiles(builder.Configuration, time);
        ((IConfigurationBuilder)builder.Configuration).Add(files);
        builder.Services.AddSingleton(_ => files);
    }

    /// <inheritdoc />
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <inheritdoc />
    public override void Load()
    {
        foreach (var (key, path) in _paths)
        {
            // A file that is gone or empty for a moment is being replaced: the last secret stays.
            if (Read(path) is { } secret && !_refused.Contains((key, secret)) && (!Data.TryGetValue(key, out var known) || known != secret))
            {
                Take(key, secret);
            }
        }
    }

    private void Take(string key, string secret)
    {
        Data.TryGetValue(key, out var last);
        Data[key] = secret;
        try
        {
            OnReload();
        }
        catch (Exception exception)
        {
            // Checked as at start, and found wanting: the last secret goes on working. There is no logger this early.
            _refused.Add((key, secret));
            Data[key] = last;
            OnReload();
            Console.Error.WriteLine($"{key}File: its new content is refused, the last one stays. {Reason(exception)}");
        }
    }

    private static string Reason(Exception exception) =>
        (exception as AggregateException)?.InnerExceptions.OfType<OptionsValidationException>().FirstOrDefault()?.Message
        ?? (exception as OptionsValidationException)?.Message ?? exception.GetType().Name;

    /// <inheritdoc />
    public void Dispose() => _timer?.Dispose();

    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } secret ? secret : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
