using System.Text.Json;
using System.Text.Json.Serialization;
using ConfluenceGateway.Callers;

namespace ConfluenceGateway.Admin.Api;

/// <summary>Reads the JSON body of a management call, strictly: an unknown member is an error, since it is most likely a misspelt one.</summary>
internal static class JsonBody
{
    /// <summary>The longest body of a management call, in bytes.</summary>
    public const long MaxBytes = 64 * 1024;

    /// <summary>How bodies are read and written.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The body, or the problem with it.</summary>
    public static async Task<(T? Body, Problem? Problem)> ReadAsync<T>(HttpRequest request)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync<T>(request.Body, Options, request.HttpContext.RequestAborted) is { } body
                ? (body, null)
                : (null, AdminProblems.InvalidField("body", "must be a JSON object, not null."));
        }
        catch (JsonException exception)
        {
            return (null, AdminProblems.InvalidBody(exception));
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (null, AdminProblems.BodyTooLarge(MaxBytes));
        }
    }
}
