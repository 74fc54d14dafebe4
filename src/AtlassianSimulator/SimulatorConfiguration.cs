using Microsoft.Extensions.Options;

namespace AtlassianSimulator;

/// <summary>Reads <see cref="SimulatorOptions"/> and reports everything wrong with them at once, each by its key.</summary>
internal sealed class SimulatorConfiguration
{
    private static readonly TimeSpan TenYears = TimeSpan.FromDays(3650);

    private readonly IConfigurationSection _section;
    private readonly List<string> _errors = [];

    private SimulatorConfiguration(IConfigurationSection section) => _section = section;

    /// <exception cref="OptionsValidationException">One or more keys are unknown, unreadable or out of range.</exception>
    public static SimulatorOptions Read(IConfiguration configuration)
    {
        var reader = new SimulatorConfiguration(configuration.GetSection(SimulatorOptions.SectionName));
        var options = reader.Options();
        return reader._errors.Count == 0
            ? options
            : throw new OptionsValidationException(SimulatorOptions.SectionName, typeof(SimulatorOptions), reader._errors);
    }

    private SimulatorOptions Options()
    {
        var known = typeof(SimulatorOptions).GetProperties().Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var unknown in _section.GetChildren().Where(child => !known.Contains(child.Key)))
        {
            _errors.Add($"{unknown.Path} is not a key of the simulator");
        }

        var standard = new SimulatorOptions();
        return new SimulatorOptions
        {
            Url = Address(nameof(standard.Url), standard.Url),
            MediaUrl = Address(nameof(standard.MediaUrl), standard.MediaUrl),
            ClientId = Text(nameof(standard.ClientId), standard.ClientId),
            ClientSecret = Text(nameof(standard.ClientSecret), standard.ClientSecret),
            RedirectUris = RedirectUris(),
            AutoConsent = Value(nameof(standard.AutoConsent), standard.AutoConsent),
            AccessTokenLifetime = Span(nameof(standard.AccessTokenLifetime), standard.AccessTokenLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
            ReuseInterval = Span(nameof(standard.ReuseInterval), standard.ReuseInterval, TimeSpan.Zero, TimeSpan.FromDays(1)),
            InactivityLimit = Span(nameof(standard.InactivityLimit), standard.InactivityLimit, TimeSpan.FromSeconds(1), TenYears),
            ConsentLifetime = Span(nameof(standard.ConsentLifetime), standard.ConsentLifetime, TimeSpan.FromSeconds(1), TenYears),
            CodeLifetime = Span(nameof(standard.CodeLifetime), standard.CodeLifetime, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
            DeadTokenAnswer = Choice(nameof(standard.DeadTokenAnswer), standard.DeadTokenAnswer),
            OmitRefreshToken = Value(nameof(standard.OmitRefreshToken), standard.OmitRefreshToken),
            RemovedV1 = Choice(nameof(standard.RemovedV1), standard.RemovedV1),
            ExpiredAccessToken = Choice(nameof(standard.ExpiredAccessToken), standard.ExpiredAccessToken),
        };
    }

    private T Value<T>(string key, T standard)
    {
        try
        {
            return _section.GetValue(key, standard)!;
        }
        catch (InvalidOperationException)
        {
            Report(key, $"cannot be read as {(typeof(T) == typeof(TimeSpan) ? "a duration (d.hh:mm:ss)" : typeof(T).Name)}");
            return standard;
        }
    }

    private string Text(string key, string standard)
    {
        var value = _section[key] ?? standard;
        if (string.IsNullOrWhiteSpace(value))
        {
            Report(key, "must not be empty");
        }

        return value;
    }

    private Uri Address(string key, Uri standard)
    {
        if (_section[key] is not { } text)
        {
            return standard;
        }

        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttp && address.AbsolutePath == "/")
        {
            return address;
        }

        Report(key, "must be an absolute http URL without a path");
        return standard;
    }

    private TimeSpan Span(string key, TimeSpan standard, TimeSpan least, TimeSpan most)
    {
        var value = Value(key, standard);
        if (value < least || value > most)
        {
            Report(key, $"must be between {least:c} and {most:c}");
        }

        return value;
    }

    private T Choice<T>(string key, T standard) where T : struct, Enum
    {
        var text = _section[key];
        if (text is null)
        {
            return standard;
        }

        // Enum.TryParse alone would take any number for a name.
        var name = Enum.GetNames<T>().FirstOrDefault(candidate => candidate.Equals(text, StringComparison.OrdinalIgnoreCase));
        if (name is not null)
        {
            return Enum.Parse<T>(name);
        }

        Report(key, $"must be one of {string.Join(", ", Enum.GetNames<T>())}");
        return standard;
    }

    private string[] RedirectUris()
    {
        var uris = _section.GetSection(nameof(SimulatorOptions.RedirectUris)).GetChildren().Select(child => child.Value ?? "").ToArray();
        if (!uris.All(OAuth.OAuthApp.IsAbsoluteHttp))
        {
            Report(nameof(SimulatorOptions.RedirectUris), "must be absolute http or https URLs");
        }

        return uris;
    }

    private void Report(string key, string what) => _errors.Add($"{SimulatorOptions.SectionName}:{key} {what}");
}
