using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>How a person looks at a page.</summary>
internal sealed record Look(string Name, ColorScheme Scheme, ViewportSize Size)
{
    public static readonly Look Light = new("light", ColorScheme.Light, new ViewportSize { Width = 1000, Height = 440 });
    public static readonly Look Dark = new("dark", ColorScheme.Dark, new ViewportSize { Width = 1000, Height = 440 });
    public static readonly Look Phone = new("phone", ColorScheme.Light, new ViewportSize { Width = 360, Height = 740 });

    public static readonly IReadOnlyList<Look> All = [Light, Dark, Phone];
}
