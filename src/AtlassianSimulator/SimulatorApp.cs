using AtlassianSimulator.Accounts;
using AtlassianSimulator.Confluence;
using AtlassianSimulator.Control;
using AtlassianSimulator.Edge;
using AtlassianSimulator.Faults;
using AtlassianSimulator.Jira;
using AtlassianSimulator.Media;
using AtlassianSimulator.OAuth;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AtlassianSimulator;

/// <summary>Builds the simulator as a web application, to run alone or inside another program.</summary>
public static class SimulatorApp
{
    private const int LongestHeader = 64 * 1024;

    /// <summary>An application that is not started yet, configured by these arguments, the environment and its defaults.</summary>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">The configuration is not usable; it lists every reason.</exception>
    public static WebApplication Build(params string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var options = SimulatorConfiguration.Read(builder.Configuration);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);

        // Their lower levels print request lines, and those hold codes and tokens.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(Listen);
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateOnBuild, provider.ValidateScopes) = (true, true));
        AddServices(builder.Services, options);

        var app = builder.Build();
        Map(app);
        return app;
    }

    /// <summary>Where a started application listens.</summary>
    public static SimulatorAddresses Addresses(WebApplication app) => app.Services.GetRequiredService<ListenAddresses>().Read();

    private static void Listen(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestLineSize = LongestHeader;
        kestrel.Limits.MaxRequestHeadersTotalSize = 2 * LongestHeader;
        kestrel.Limits.MaxRequestBufferSize = 4 * LongestHeader;
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.ApplicationServices.GetRequiredService<ListenAddresses>().Bind(kestrel);
    }

    private static void AddServices(IServiceCollection services, SimulatorOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<ListenAddresses>();
        services.AddSingleton<SimulatorClock>();
        services.AddSingleton<LiveSettings>();
        services.AddSingleton<Counters>();
        services.AddSingleton<AccountDirectory>();

        services.AddSingleton<OAuthApps>();
        services.AddSingleton<TokenSigner>();
        services.AddSingleton<TokenMint>();
        services.AddSingleton<Grants>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<RefreshExchange>();
        services.AddSingleton<AuthorizationCodes>();
        services.AddSingleton<ConsentTransactions>();
        services.AddSingleton<AuthorizeEndpoint>();
        services.AddSingleton<TokenEndpoint>();
        services.AddSingleton<AccountEndpoints>();

        services.AddSingleton<FaultList>();
        services.AddSingleton<FaultAnswers>();
        services.AddSingleton<FaultInjection>();

        services.AddSingleton<RequestRecord>();
        services.AddSingleton<RequestRecorder>();
        services.AddSingleton<ApiAdmission>();
        services.AddSingleton<EdgePipeline>();

        services.AddSingleton<ControlEndpoints>();
        services.AddSingleton<GrantControl>();
        services.AddSingleton<JiraEndpoints>();
        services.AddSingleton<ConfluenceSites>();
        services.AddSingleton<ConfluenceEndpoints>();
        services.AddSingleton<MediaStore>();
        services.AddSingleton<MediaHost>();
        services.AddResponseCompression(compression => compression.Providers.Add<GzipCompressionProvider>());
    }

    private static void Map(WebApplication app)
    {
        var services = app.Services;
        var edge = services.GetRequiredService<EdgePipeline>();
        var media = services.GetRequiredService<MediaHost>();
        app.Use((http, next) => http.Features.Get<MediaConnection>() is null ? edge.RunAsync(http, () => next(http)) : media.HandleAsync(http));
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/ex"), api => api.UseResponseCompression());

        var authorize = services.GetRequiredService<AuthorizeEndpoint>();
        app.MapGet("/authorize", authorize.ShowAsync);
        app.MapPost("/authorize", authorize.DecideAsync);
        app.MapGet("/error", AuthorizeEndpoint.ShowErrorAsync);
        app.MapPost("/oauth/token", services.GetRequiredService<TokenEndpoint>().HandleAsync);

        var account = services.GetRequiredService<AccountEndpoints>();
        app.MapGet("/oauth/token/accessible-resources", account.AccessibleResourcesAsync);
        app.MapGet("/me", account.MeAsync);

        services.GetRequiredService<ConfluenceEndpoints>().Map(app);
        services.GetRequiredService<JiraEndpoints>().Map(app);
        services.GetRequiredService<ControlEndpoints>().Map(app);
        var clock = services.GetRequiredService<SimulatorClock>();
        app.MapFallback("/{**path}", http => EdgeErrors.NotFoundAsync(http, clock));
    }
}
