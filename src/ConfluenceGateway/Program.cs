using System.Globalization;
using ConfluenceGateway.Admin;
using ConfluenceGateway.Admin.SignIn;
using ConfluenceGateway.Atlassian;
using ConfluenceGateway.Audit;
using ConfluenceGateway.Callers;
using ConfluenceGateway.Configuration;
using ConfluenceGateway.Connections;
using ConfluenceGateway.Doctor;
using ConfluenceGateway.OAuth;
using ConfluenceGateway.Proxy;
using ConfluenceGateway.Redis;
using ConfluenceGateway.Telemetry;
using ConfluenceGateway.Tokens;
using ConfluenceGateway.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ConfluenceGateway;

/// <summary>The composition root.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case [DoctorCommand.Name, .. var rest]:
                return await DoctorCommand.RunAsync(rest, Console.Out);
            case [HealthCommand.Name, .. var rest]:
                return await HealthCommand.RunAsync(rest);
            // A setting has a value, or is a switch.
            case [var command, ..] when command is not ['-' or '/', ..] && !command.Contains('='):
                await Console.Error.WriteLineAsync($"'{command}' is no command. Without one the gateway serves; '{DoctorCommand.Name}' says whether it would work, '{HealthCommand.Name}' whether one lives here.");
                return 2;
        }

        await using var app = Build(args);
        var errors = Settings.Errors(app.Services);
        if (errors.Count > 0)
        {
            await Console.Error.WriteLineAsync("The settings are not usable:");
            foreach (var error in errors)
            {
                await Console.Error.WriteLineAsync("  " + error);
            }

            return 1;
        }

        try
        {
            await app.StartAsync();
        }
        catch (Exception exception) when (exception is DataDirectoryInUseException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }

        await Welcome.WriteAsync(app.Services, Console.Out);
        await app.WaitForShutdownAsync();
        return 0;
    }

    /// <summary>The gateway, not started yet.</summary>
    /// <param name="args">Settings as command-line arguments, such as <c>--Listen:Traffic=http://127.0.0.1:0</c>.</param>
    /// <param name="configure">What a host of its own adds, such as a clock or a log.</param>
    internal static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // Settings are read once. What may change, secrets in files, is watched by the gateway itself.
            Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            ContentRootPath = AppContext.BaseDirectory,
        });
        configure?.Invoke(builder);
        SecretFiles.AddTo(builder, TimeProvider.System);
        builder.Host.UseDefaultServiceProvider(provider => (provider.ValidateOnBuild, provider.ValidateScopes) = (true, true));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            try
            {
                Listeners.Bind(kestrel, kestrel.ApplicationServices.GetRequiredService<IOptions<ListenOptions>>().Value);
            }
            catch (Exception exception) when (exception is OptionsValidationException or InvalidOperationException)
            {
                // The server is made before the settings are checked: a bad address is told with all other errors.
            }
        });

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSafeLogging();
        EventLogFormatter.Register(services, builder.Configuration);
        services.AddTracing(builder.Configuration);
        services.AddRazorComponents();
        services.AddSettings<ListenOptions>(ListenOptions.SectionName);
        services.AddSettings<GatewayOptions>(GatewayOptions.SectionName);
        services.AddSingleton<Listeners>();
        services.AddSingleton<Drain>();
        services.AddHostedService(provider => provider.GetRequiredService<Drain>());
        services.AddHealthChecks().AddCheck<Drain>("drain");
        services.AddSingleton<GatewayMetrics>();
        services.AddRedis(builder.Configuration);
        services.AddConnectionStore();
        services.AddAudit();
        services.AddAtlassian();
        services.AddTokens();
        services.AddWebhooks();
        services.AddCallers();
        services.AddAdmin(builder.Configuration);
        services.AddOAuth();
        services.AddProxy();
        // Long enough to drain, and then for an exchange under way to end and be stored. The host reads this before the settings
        // are checked, so a value that cannot be read must not throw here: it is told with all the others.
        services.AddOptions<HostOptions>().Configure<IConfiguration>((host, settings) =>
        {
            TimeSpan Duration(string key, TimeSpan usual) =>
                TimeSpan.TryParse(settings[key], CultureInfo.InvariantCulture, out var given) && given < TimeSpan.FromHours(1) ? given : usual;
            host.ShutdownTimeout = TimeSpan.FromSeconds(15)
                + Duration("Listen:DrainDelay", new ListenOptions().DrainDelay)
                + Duration("Refresh:ExchangeTimeout", new RefreshOptions().ExchangeTimeout);
        });

        var app = builder.Build();
        app.LeaveTrafficAlone();
        // Of the app, not of the request: those would make a scope for every one of them. And once: settings are checked after this.
        var drain = new Lazy<Drain>(app.Services.GetRequiredService<Drain>);
        var addressing = new Lazy<Addressing>(app.Services.GetRequiredService<Addressing>);
        app.Use((context, next) => drain.Value.AskToCloseAsync(context, next));
        // Not for forwarded requests, which do that themselves.
        void CatchDefects(IApplicationBuilder branch) => branch.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = Problem.InternalError().ExecuteAsync });
        app.MapWhen(context => Listeners.Is(context, Listener.Management), management =>
        {
            CatchDefects(management);
            management.UseRouting();
            management.UseManagementAccess();
            management.UseEndpoints(routes =>
            {
                routes.MapTelemetry();
                routes.MapAdmin();
            });
        });
        // On a host of its own all of the path belongs to the connection.
        bool IsBelow(HttpContext context, string path) =>
            context.Request.Path.StartsWithSegments(path) && !addressing.Value.IsByHost(context);
        app.MapWhen(context => IsBelow(context, "/connect"), connect =>
        {
            CatchDefects(connect);
            connect.UseRouting();
            connect.UseEndpoints(routes => routes.MapConnect());
        });
        app.MapWhen(context => IsBelow(context, StatusHandler.Path), status =>
        {
            CatchDefects(status);
            status.RunStatus();
        });
        app.RunProxy();
        return app;
    }
}
