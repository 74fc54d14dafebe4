using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ConfluenceGateway.Tests.Telemetry;

/// <summary>Loggers that would print secrets stay silent, whatever is configured.</summary>
public sealed class SafeLoggingTests(Stores stores)
{
    public static TheoryData<string> Categories { get; } =
    [
        "Microsoft.AspNetCore.Hosting.Diagnostics",
        "Microsoft.AspNetCore.Http.Result.RedirectResult",
        "Microsoft.AspNetCore.Server.Kestrel.BadRequests",
        "Microsoft.AspNetCore.Server.Kestrel.Connections",
        "Microsoft.AspNetCore.HttpLogging.HttpLoggingMiddleware",
        "System.Net.Http.HttpClient.token.LogicalHandler",
    ];

    [Theory, MemberData(nameof(Categories))]
    public void A_level_for_the_category_does_not_undo_it(string category) =>
        Assert.Empty(WhatIsLogged(category, ("Logging:LogLevel:" + category, "Trace")));

    [Theory, MemberData(nameof(Categories))]
    public void A_level_for_everything_does_not_undo_it(string category) =>
        Assert.Empty(WhatIsLogged(category, ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"), ("Logging:LogLevel:System", "Trace")));

    [Theory, MemberData(nameof(Categories))]
    public void A_level_for_the_category_and_one_provider_does_not_undo_it(string category) =>
        Assert.Empty(WhatIsLogged(category, ($"Logging:Recording:LogLevel:{category}", "Trace")));

    [Theory, MemberData(nameof(Categories))]
    public void A_level_for_all_of_one_provider_does_not_undo_it(string category) =>
        Assert.Empty(WhatIsLogged(category, ("Logging:Recording:LogLevel:Default", "Trace"), ("Logging:Recording:LogLevel:Microsoft", "Trace"), ("Logging:Recording:LogLevel:System", "Trace")));

    [Fact]
    public void The_forwarder_never_tells_where_a_request_went_and_still_warns()
    {
        var trace = new[] { ("Logging:LogLevel:Yarp.ReverseProxy.Forwarder", "Trace"), ("Logging:LogLevel:Default", "Trace") };

        Assert.Empty(WhatIsLogged("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Information, trace));
        Assert.Single(WhatIsLogged("Yarp.ReverseProxy.Forwarder.HttpForwarder", LogLevel.Warning, trace));
    }

    [Fact]
    public void Every_other_logger_speaks() =>
        Assert.Single(WhatIsLogged("Microsoft.AspNetCore.Routing.Matching", ("Logging:LogLevel:Default", "Trace")));

    [Fact]
    public async Task A_running_gateway_logs_no_request_line_at_Debug()
    {
        await using var world = await World.StartAsync(
            stores.ConnectionString(StoreKind.Embedded),
            settings: ["--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Debug", "--Logging:LogLevel:Microsoft.AspNetCore=Debug"]);

        using var answer = await world.Gateway.App.GetAsync("/connect/callback?code=a-code-of-this-test&state=x");

        Assert.DoesNotContain(world.Gateway.Log.Lines, line => line.Contains("a-code-of-this-test", StringComparison.Ordinal));
        Assert.Contains(world.Gateway.Log.Lines, line => line.StartsWith("Debug Microsoft.AspNetCore", StringComparison.Ordinal));
    }

    private static IReadOnlyCollection<string> WhatIsLogged(string category, params (string Key, string Value)[] settings) =>
        WhatIsLogged(category, LogLevel.Critical, settings);

    private static IReadOnlyCollection<string> WhatIsLogged(string category, LogLevel level, (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        using var provider = new RecordingProvider();
        var services = new ServiceCollection();
        services.AddSafeLogging();
        services.AddLogging(logging => logging.AddConfiguration(configuration.GetSection("Logging")).AddProvider(provider));
        using var built = services.BuildServiceProvider();
        built.GetRequiredService<ILoggerFactory>().CreateLogger(category).Log(level, default, "a line", null, (line, _) => line);
        return provider.Lines;
    }

    [ProviderAlias("Recording")]
    private sealed class RecordingProvider : ILoggerProvider, ILogger
    {
        private readonly List<string> _lines = [];

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Add(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
