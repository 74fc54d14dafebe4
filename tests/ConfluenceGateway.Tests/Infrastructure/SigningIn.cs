namespace ConfluenceGateway.Tests.Infrastructure;

/// <summary>How a person's browser comes to the management pages.</summary>
internal static class SigningIn
{
    /// <summary>Signs in with a key, and ends where that leads.</summary>
    public static async Task<PageSeen> SignInAsync(this Browser browser, TestGateway gateway, string key = World.AdminKey, string returnUrl = "/")
    {
        var form = await browser.OpenAsync(gateway.Page("/sign-in?returnUrl=" + Uri.EscapeDataString(returnUrl)));
        return await browser.SubmitAsync(gateway.Page("/sign-in"), new() { [PageSeen.FormToken] = form.Token, ["returnUrl"] = form.Hidden("returnUrl"), ["key"] = key });
    }
}
