using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway.Configuration;

/// <summary>Binds options sections and checks them all before anything listens.</summary>
internal static class Settings
{
    /// <summary>Binds <typeparamref name="T"/> to <paramref name="section"/> and has it checked at start.</summary>
    public static OptionsBuilder<T> AddSettings<T>(this IServiceCollection services, string section)
        where T : class
    {
        services.AddSingleton(new Section(section, typeof(T), provider => provider.GetRequiredService<IOptions<T>>().Value));
        services.AddSingleton<IValidateOptions<T>>(new AttributeValidation<T>(section));
        return services.AddOptions<T>().BindConfiguration(section);
    }

    /// <summary>Every error of every section, each naming its key and the remedy; empty when the settings are good.</summary>
    public static IReadOnlyList<string> Errors(IServiceProvider provider)
    {
        var configuration = provider.GetRequiredService<IConfiguration>();
        var errors = new List<string>(provider.GetService<SecretFiles>()?.Errors ?? []);
        var sections = provider.GetServices<Section>().ToArray();
        foreach (var section in sections)
        {
            var unreadable = Unreadable(configuration, section, sections).ToArray();
            errors.AddRange(unreadable);
            try
            {
                section.Read(provider);
            }
            catch (OptionsValidationException exception)
            {
                errors.AddRange(exception.Failures);
            }
            catch (InvalidOperationException) when (unreadable.Length > 0)
            {
                // The binder stumbles over what is told above already.
            }
        }

        return [.. errors.Distinct(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Unreadable(IConfiguration configuration, Section section, Section[] sections)
    {
        var properties = section.Type.GetProperties().Where(property => property.CanWrite).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        // A section may lie within another one, as Admin:Oidc does; it is looked at by itself.
        foreach (var child in configuration.GetSection(section.Name).GetChildren().Where(child => !sections.Any(other => child.Path.Equals(other.Name, StringComparison.OrdinalIgnoreCase))))
        {
            if (!properties.TryGetValue(child.Key, out var property))
            {
                yield return $"{child.Path}: unknown setting. {section.Name} has {string.Join(", ", properties.Keys.Order())}.";
            }
            else if (child.Value is { Length: > 0 } value && !Converts(property, value))
            {
                yield return $"{child.Path}: '{value}' is not {Form(property.PropertyType)}.";
            }
        }
    }

    private static bool Converts(PropertyInfo property, string value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        // An enumeration's converter takes numbers too, even those that name nothing.
        return type.IsEnum
            ? Enum.TryParse(type, value, ignoreCase: true, out var parsed) && Enum.IsDefined(type, parsed!)
            : !type.IsArray && TypeDescriptor.GetConverter(type).IsValid(value);
    }

    private static string Form(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var t when t == typeof(TimeSpan) => "a duration; write it as hh:mm:ss or d.hh:mm:ss",
        var t when t == typeof(bool) => "a switch; write true or false",
        var t when t.IsEnum => $"one of {string.Join(", ", Enum.GetNames(t))}",
        { IsArray: true } => "a list; number its entries from :0 on",
        _ => "a whole number",
    };

    private sealed record Section(string Name, Type Type, Func<IServiceProvider, object> Read);

    /// <summary>Runs the attributes and the options' own rules, and puts the key before each message.</summary>
    private sealed class AttributeValidation<T>(string section) : IValidateOptions<T>
        where T : class
    {
        public ValidateOptionsResult Validate(string? name, T options)
        {
            var results = new List<ValidationResult>();
            Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
            return results.Count == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(results.Select(result => $"{Key(result)}: {result.ErrorMessage}"));
        }

        private string Key(ValidationResult result) =>
            string.Join(" and ", result.MemberNames.Select(member => $"{section}:{member}"));
    }
}
