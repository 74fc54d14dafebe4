using Demo;

// Both programs take their own settings from the same command line, such as --Listen:Traffic=http://127.0.0.1:9080.
await using var demo = new DemoWorld(args);
try
{
    await demo.StartAsync();
}
catch (IOException exception)
{
    await Console.Error.WriteLineAsync($"{exception.Message} Free the port, or choose others: --Listen:Traffic=, --Listen:Management=, --Simulator:Url=, --Simulator:MediaUrl=http://127.0.0.1:PORT.");
    return 1;
}

await demo.ConnectAsync();
await demo.WriteWelcomeAsync(Console.Out);
await demo.RunAsync(Console.Out);
return 0;
