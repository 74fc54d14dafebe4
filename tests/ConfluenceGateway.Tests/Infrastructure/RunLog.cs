using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(RunLog))]

namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>
/// Everything that every gateway of the run logged, at Debug. When the run ends it is scanned byte for byte: a secret in
/// it fails the run.
/// </summary>
public sealed partial class RunLog : IDisposable
{
    private static readonly ConcurrentQueue<string> Lines = new();
    private static readonly ConcurrentDictionary<string, byte> Secrets = new();

    /// <summary>A secret that the shapes below do not cover.</summary>
    public static void AddSecret(string secret) => Secrets.TryAdd(secret, 0);

    /// <summary>The secrets in <paramref name="text"/>, by kind and line; never the secrets themselves.</summary>
    public static IReadOnlyList<string> SecretsIn(IEnumerable<string> text) =>
    [
        .. text.SelectMany(line => Shapes().Matches(line).Select(match => $"{Kind(match)} in: {Shapes().Replace(line, "[found]")}")
            .Concat(Secrets.Keys.Where(secret => line.Contains(secret, StringComparison.Ordinal)).Select(_ => "a registered secret in a line"))),
    ];

    public static void Write(string line) => Lines.Enqueue(line);

    public void Dispose() => Assert.Empty(SecretsIn(Lines));

    private static string Kind(Match match) => match.Groups.Values.Skip(1).First(group => group.Success).Name;

    // JWTs: access tokens, refresh tokens and codes of the simulator, as Atlassian's; a cursor of Confluence begins like one, but has
    // no dot. Data Protection: tickets. And the gateway's own secrets by their prefix: state, browser cookie, choice, admin key, caller key.
    [GeneratedRegex("(?<jwt>eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_.-]+)|(?<ticket>CfDJ8[A-Za-z0-9_-]{10,})|(?<own>cgw[sbcak]_[A-Za-z0-9_-]{10,})|(?<webhook>whsec_[A-Za-z0-9+/=]{10,})|(?<basic>(?i:basic|bearer) [A-Za-z0-9+/=._-]{12,})|(?<clientSecret>simulator-secret)")]
    private static partial Regex Shapes();
}

/// <summary>Sends a gateway's log to the run's, and keeps it for its own test.</summary>
public sealed class RunLogProvider : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, RunLogProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var line = $"{logLevel} {category}: {formatter(state, exception)} {exception}";
            RunLog.Write(line);
            provider._lines.Enqueue(line);
        }
    }
}
