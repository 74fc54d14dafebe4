using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>How a person looks at a page.</summary>
internal sealed record Look(string Name, ColorScheme Scheme, ViewportSize Size)
{
    public static readonly Look Light = new("light", ColorScheme.Light, new ViewportSize { Width = 1000, Height = 440 });
    public static readonly Look Dark = new("dark", ColorScheme.Dark, new ViewportSize { Width = 1000, Height = 440 });
    public static readonly Look Phone = new("phone", ColorScheme.Light, new ViewportSize { Width = 360, Height = 740 });

    /// <summary>How people see the pages of a consent.</summary>
    public static readonly IReadOnlyList<Look> All = [Light, Dark, Phone];

    /// <summary>How operators see theirs, on larger screens.</summary>
    public static readonly IReadOnlyList<Look> Operators = [Wide(Light), Wide(Dark), Phone];

    private static Look Wide(Look look) => look with { Size = new ViewportSize { Width = 1160, Height = 640 } };
}
