using AtlassianSimulator;
using Microsoft.Extensions.Options;

WebApplication app;
try
{
    app = SimulatorApp.Build(args);
}
catch (OptionsValidationException invalid)
{
    Console.Error.WriteLine("The simulator's configuration is not usable:");
    foreach (var failure in invalid.Failures)
    {
        Console.Error.WriteLine($"  {failure}");
    }

    return 1;
}

app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine(Welcome.Text(app)));
await app.RunAsync();
return 0;
