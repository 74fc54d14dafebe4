using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Conventions;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfluenceGateway.Tests.Telemetry;

/// <summary>Logs for machines: an object on each line, and for each event a name that does not change by chance.</summary>
public sealed partial class EventLogTests
{
    [Fact]
    public void An_entry_is_an_object_on_a_line_with_its_event_its_values_and_its_trace()
    {
        using var activity = new Activity("test").Start();
        var failure = new InvalidOperationException("it \"broke\"\nhere");

        var line = Write(LogLevel.Warning, "ConfluenceGateway.Tokens.RefreshProtocol", new EventId(7, "Rotated"), failure,
            ("Id", "demo"), ("Generation", 5L), ("AtlTraceId", null), ("{OriginalFormat}", "{Id} {Generation} {AtlTraceId}"));

        Assert.Equal(1, line.Count(character => character == '\n'));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal(("warning", "RefreshProtocol.Rotated", "the message"), (entry.GetProperty("level").GetString(), entry.GetProperty("event").GetString(), entry.GetProperty("message").GetString()));
        Assert.Equal(("demo", 5, JsonValueKind.Null), (entry.GetProperty("id").GetString(), entry.GetProperty("generation").GetInt32(), entry.GetProperty("atl_trace_id").ValueKind));
        Assert.Equal((activity.TraceId.ToHexString(), activity.SpanId.ToHexString()), (entry.GetProperty("trace_id").GetString(), entry.GetProperty("span_id").GetString()));
        Assert.Contains("it \"broke\"", entry.GetProperty("exception").GetString(), StringComparison.Ordinal);
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), entry.GetProperty("timestamp").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_gateway_that_is_told_to_writes_nothing_but_such_lines_once_it_logs()
    {
        // Without a store there is something to log.
        await using var run = ProgramRun.Gateway(["--Redis:ConnectionString=127.0.0.1:9", $"--Admin:ApiKey={World.AdminKey}", "--Logging:Console:FormatterName=json-events"]);
        await run.LineAsync("traffic");
        await Eventually.TrueAsync(() => Task.FromResult(run.Output.Contains("\"event\"", StringComparison.Ordinal)), "it logs an event");

        Assert.All(run.Output.Split('\n').Where(line => line.StartsWith('{')), line => Assert.True(JsonDocument.Parse(line).RootElement.TryGetProperty("timestamp", out _)));
        Assert.DoesNotContain("info: ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_event_is_documented_with_its_level_and_what_it_says()
    {
        var documented = Rows().Matches(Repository.Read("docs", "logs.md")).Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value)).ToList();

        Assert.Equal(Events().Order(), documented.Order());
        Assert.Equal(documented.Count, documented.Select(row => row.Item1).Distinct().Count());
    }

    private static IEnumerable<(string Name, string Level, string Message)> Events() =>
        from type in typeof(EventLogFormatter).Assembly.GetTypes()
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        let told = method.GetCustomAttribute<LoggerMessageAttribute>()
        where told is not null
        select (EventLogFormatter.EventName(type.DeclaringType!.FullName!, new EventId(0, method.Name)), told.Level.ToString(), told.Message);

    private static string Write(LogLevel level, string category, EventId id, Exception? exception, params (string Name, object? Value)[] state)
    {
        using var text = new StringWriter();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        IReadOnlyList<KeyValuePair<string, object?>> named = [.. state.Select(one => KeyValuePair.Create(one.Name, one.Value))];
        new EventLogFormatter(clock).Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(level, category, id, named, exception, (_, _) => "the message"), null, text);
        return text.ToString();
    }

    [GeneratedRegex(@"^\| `([A-Za-z]+\.[A-Za-z]+)` \| (\w+) \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex Rows();
}
