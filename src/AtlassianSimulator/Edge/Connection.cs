namespace AtlassianSimulator.Edge;

/// <summary>Cuts connections on purpose.</summary>
internal static class Connection
{
    private static readonly object Mark = new();

    public static void Drop(HttpContext http)
    {
        http.Items[Mark] = true;
        http.Abort();
    }

    public static bool WasDropped(HttpContext http) => http.Items.ContainsKey(Mark);
}
