using System.Globalization;

namespace ConfluenceGateway.Benchmarks;

/// <summary>A bar on the terminal; where the output goes to a file, nothing.</summary>
internal static class Progress
{
    private const int Width = 30;

    /// <summary>Shows what share is done, and what goes on.</summary>
    public static void Show(double done, string what)
    {
        if (!Console.IsErrorRedirected)
        {
            var full = (int)(done * Width);
            Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r[{new string('#', full)}{new string('.', Width - full)}] {done * 100,3:f0} % {what,-90}"));
        }
    }
}
