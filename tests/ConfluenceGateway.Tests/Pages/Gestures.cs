using System.Text.RegularExpressions;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>What anybody does on any page, by what they see or hear of it.</summary>
internal static class Gestures
{
    private const float Patience = 60_000;

    public static Task PressButtonAsync(this IPage page, string name) =>
        page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    public static Task FollowLinkAsync(this IPage page, string name) =>
        page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    public static Task AssertHeadedAsync(this IPage page, string heading) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new PageGetByRoleOptions { Level = 1 }))
            .ToHaveTextAsync(heading, new LocatorAssertionsToHaveTextOptions { Timeout = Patience });

    /// <summary>
    /// The address comes to match. Playwright's own wait for an address also waits for the page's load event, which is
    /// lost when the page changes as it comes.
    /// </summary>
    public static Task AssertAtAsync(this IPage page, string pattern) =>
        Assertions.Expect(page).ToHaveURLAsync(new Regex(pattern), new PageAssertionsToHaveURLOptions { Timeout = Patience });

    /// <summary>What is located comes to say this, however long a busy machine takes.</summary>
    public static Task AssertSaysAsync(this ILocator place, string text) =>
        Assertions.Expect(place).ToContainTextAsync(text, new LocatorAssertionsToContainTextOptions { Timeout = Patience });

    /// <summary>As many of what is located come to be there.</summary>
    public static Task AssertCountAsync(this ILocator place, int count) =>
        Assertions.Expect(place).ToHaveCountAsync(count, new LocatorAssertionsToHaveCountOptions { Timeout = Patience });

    /// <summary>Waits until an expression is true. Playwright's own wait evaluates in the page, which the pages' policy forbids.</summary>
    public static Task UntilAsync(this IPage page, string expression) =>
        Eventually.TrueAsync(() => page.EvaluateAsync<bool>(expression), expression, TimeSpan.FromMilliseconds(Patience));

    /// <summary>Goes to a control by the Tab key alone, and sees where it is.</summary>
    public static async Task TabToAsync(this IPage page, ILocator control)
    {
        for (var steps = 0; steps < 60; steps++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await control.EvaluateAsync<bool>("control => control === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail("the Tab key does not reach the control");
    }
}
