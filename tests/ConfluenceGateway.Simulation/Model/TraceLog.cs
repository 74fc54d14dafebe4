using ConfluenceGateway.Simulation.Scheduling;
using ConfluenceGateway.Tokens;

namespace ConfluenceGateway.Simulation.Model;

/// <summary>A replica's log, in the trace. A flight that ends in an error is a defect.</summary>
internal sealed class TraceLog<T>(World world, Machine machine) : ILogger<T>
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => world.Traces || (logLevel >= LogLevel.Error && typeof(T) == typeof(RefreshFlights));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        world.Tell(machine, formatter(state, exception));
        if (logLevel >= LogLevel.Error && typeof(T) == typeof(RefreshFlights))
        {
            world.Referee.Object($"a flight at {machine.Name} ended in {exception}");
        }
    }
}
