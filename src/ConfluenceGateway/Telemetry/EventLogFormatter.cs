using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace ConfluenceGateway.Telemetry;

/// <summary>
/// Writes each log entry as a JSON object on a line, with the stable name of its event and the ids of the trace it belongs to:
/// <c>Logging:Console:FormatterName=json-events</c>.
/// </summary>
internal sealed class EventLogFormatter(TimeProvider time) : ConsoleFormatter(FormatterName)
{
    /// <summary>What the setting says to choose it.</summary>
    public const string FormatterName = "json-events";

    /// <summary>Adds it, and has <c>Logging:Console:FormatterName</c> choose among it and those of the framework.</summary>
    public static void Register(IServiceCollection services, IConfiguration configuration)
    {
        services.AddLogging(logging => logging.AddConsoleFormatter<EventLogFormatter, ConsoleFormatterOptions>());
        // The slim host sets the simple one after the settings are read.
        if (configuration["Logging:Console:FormatterName"] is { Length: > 0 } chosen)
        {
            services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName = chosen);
        }
    }

    /// <summary>The name of an event: the class that tells it, and its log method.</summary>
    public static string EventName(string category, EventId id) => $"{category[(category.LastIndexOf('.') + 1)..]}.{id.Name}";

    /// <inheritdoc />
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("timestamp", time.GetUtcNow());
            json.WriteString("level", Level(logEntry.LogLevel));
            if (logEntry.EventId.Name is not null)
            {
                json.WriteString("event", EventName(logEntry.Category, logEntry.EventId));
            }

            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            json.WriteString("category", logEntry.Category);
            if (Activity.Current is { } activity)
            {
                json.WriteString("trace_id", activity.TraceId.ToHexString());
                json.WriteString("span_id", activity.SpanId.ToHexString());
            }

            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> named)
            {
                foreach (var (name, value) in named)
                {
                    // The template is in the message already.
                    if (name != "{OriginalFormat}")
                    {
                        json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
                        Write(json, value);
                    }
                }
            }

            if (logEntry.Exception is { } exception)
            {
                json.WriteString("exception", exception.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case int or long or double:
                json.WriteRawValue(Convert.ToString(value, CultureInfo.InvariantCulture)!);
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "info",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
