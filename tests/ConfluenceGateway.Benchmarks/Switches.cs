using System.Globalization;

namespace ConfluenceGateway.Benchmarks;

/// <summary>What follows a command.</summary>
internal sealed class Switches
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly HashSet<string> _flags = [];

    /// <summary>Reads them; null when one is not known, or is no number.</summary>
    public static Switches? Read(string[] args, string[] flags, string[] numbers)
    {
        var read = new Switches();
        for (var index = 0; index < args.Length; index++)
        {
            if (flags.Contains(args[index]))
            {
                read._flags.Add(args[index]);
            }
            else if (numbers.Contains(args[index]) && int.TryParse(args.ElementAtOrDefault(index + 1), CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                read._numbers[args[index++]] = number;
            }
            else
            {
                return null;
            }
        }

        return read;
    }

    public bool Has(string flag) => _flags.Contains(flag);

    public int Number(string name, int usual) => _numbers.GetValueOrDefault(name, usual);
}
