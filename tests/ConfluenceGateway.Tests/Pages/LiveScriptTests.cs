using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>What the script does in a real browser to a page that is open.</summary>
public sealed class LiveScriptTests(Stores stores, ChromiumBrowser chromium)
{
    // Stands in for a page with forms: what the server answers from now on, and what it had answered before.
    private const string PageWithForms = """
        (() => {
          window.asked = 0;
          window.form = count => `<h1>Asked ${count}</h1><form><input type="hidden" name="revision" value="${count}"><input name="edited" value="old"><input name="other" value="as it was ${count}">
            <select name="choice"><option>one</option><option>two</option></select><textarea name="long"></textarea><input type="checkbox" name="tick">
            </form><form><input type="hidden" name="revision-of-another-form" value="${count}"></form><details id="more"><summary>More</summary><div>text</div></details><a href="/connections" class="here">a link</a><div class="filler"></div>`;
          window.fetch = async () => new Response(`<!doctype html><title>New title</title><main>${form(++window.asked)}</main>`);
          document.querySelector("main").innerHTML = form(0);
          return "ready";
        })()
        """;

    // Counts what the page is told, so that a test can wait until it was, and keeps the heading that came with the page.
    private const string Watch = """
        window.told = 0;
        document.addEventListener("DOMContentLoaded", () => { window.first = document.querySelector("h1"); });
        window.EventSource = class extends EventSource {
          constructor(url) { super(url); this.addEventListener("message", () => { window.told++; }); }
        };
        """;

    [Fact]
    public async Task An_open_page_shows_what_changed_and_keeps_what_its_reader_did()
    {
        await using var world = await StartAsync();
        await using var reader = await OpenAsync(world);
        var page = reader.Page;
        await page.EvaluateAsync(PageWithForms);
        await page.EvaluateAsync("""
            (() => {
              const at = name => document.querySelector(`[name=${name}]`);
              at("edited").value = "half-filled"; at("choice").selectedIndex = 1; at("long").value = "text"; at("tick").checked = true;
              document.querySelector("#more").open = true;
              document.querySelector("a.here").focus();
            })()
            """);

        await TellUntilAsync(world, page, "document.querySelector('h1').textContent !== 'Asked 0'", "the page shows what changed");

        Assert.Equal("New title", await page.TitleAsync());
        Assert.Equal("half-filled|two|text|true|true|a link", await page.EvaluateAsync<string>("""
            [document.querySelector("[name=edited]").value, document.querySelector("select").value, document.querySelector("textarea").value,
             document.querySelector("[name=tick]").checked, document.querySelector("#more").open, document.activeElement.textContent].join("|")
            """));
        var other = await page.Locator("[name=other]").InputValueAsync();
        Assert.StartsWith("as it was ", other, StringComparison.Ordinal);
        Assert.NotEqual("as it was 0", other);
    }

    [Fact]
    public async Task A_form_that_somebody_edits_goes_on_saying_what_they_saw()
    {
        await using var world = await StartAsync();
        await using var reader = await OpenAsync(world);
        var page = reader.Page;
        await page.EvaluateAsync(PageWithForms);
        await page.EvaluateAsync("document.querySelector('[name=edited]').value = 'half-filled'");

        await TellUntilAsync(world, page, "document.querySelector('h1').textContent !== 'Asked 0'", "the page shows what changed");

        Assert.Equal("0", await page.Locator("[name=revision]").InputValueAsync());
        Assert.NotEqual("0", await page.Locator("[name=revision-of-another-form]").InputValueAsync());
    }

    [Fact]
    public async Task A_page_is_left_alone_while_somebody_writes_or_presses_and_follows_afterwards()
    {
        await using var world = await StartAsync();
        await using var reader = await OpenAsync(world);
        var page = reader.Page;
        await page.EvaluateAsync(PageWithForms);
        await TellUntilAsync(world, page, "asked > 0", "the page follows");
        await page.EvaluateAsync("(() => { const field = document.querySelector('[name=edited]'); field.focus(); field.value = 'writ'; window.field = field; window.before = asked; window.toldBefore = told; })()");

        await TellUntilAsync(world, page, "told >= toldBefore + 2", "the page is told");
        Assert.Equal("true|true|writ|true", await page.EvaluateAsync<string>("[field.isConnected, document.activeElement === field, field.value, asked === before].join('|')"));

        // The press on a button takes the focus from the field, and the button must still be there when it is let go.
        await page.Locator("a.here").HoverAsync();
        await page.Mouse.DownAsync();
        await page.EvaluateAsync("(() => { field.blur(); window.toldBefore = told; })()");
        await TellUntilAsync(world, page, "told > toldBefore", "the page is told");
        Assert.Equal("true|true", await page.EvaluateAsync<string>("[field.isConnected, asked === before].join('|')"));
        await page.Locator("h1").HoverAsync();
        await page.Mouse.UpAsync();

        await page.UntilAsync("asked > before && !field.isConnected && document.querySelector('[name=edited]').value === 'writ'");
    }

    [Fact]
    public async Task What_changed_before_the_stream_was_open_is_shown_too()
    {
        await using var world = await StartAsync();
        await using var reader = await OpenAsync(world);
        await reader.Page.RouteAsync("**/events", async route =>
        {
            await world.Gateway.CreateAsync("late");
            await route.ContinueAsync();
        });

        await reader.OpenAsync("/");

        await reader.Page.Locator(".cards .card").Filter(new LocatorFilterOptions { HasText = "not connected yet" }).Locator(".figure").AssertSaysAsync("1");
    }

    [Fact]
    public async Task A_real_page_is_exchanged_without_a_complaint_and_a_lost_connection_is_told()
    {
        await using var world = await StartAsync();
        await using var reader = await OpenAsync(world);
        var page = reader.Page;
        await page.EvaluateAsync("window.before = document.querySelector('h1')");

        await TellUntilAsync(world, page, "!before.isConnected", "the content is exchanged");

        await reader.AssertReadsAsync("Overview");
        reader.Window.AssertPolicyKept();
        Assert.Equal("", await page.Locator(".live").TextContentAsync());
        await world.Gateway.DisposeAsync();
        await page.Locator(".live").AssertSaysAsync("Connection lost");
    }

    [Fact]
    public async Task Blocks_of_text_can_be_copied_once_there_is_a_script()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.AddGatewayWithAsync([.. world.StoreSettings(), "--Atlassian:ClientId="]);
        await using var reader = await OpenAsync(world);

        await reader.Page.Locator("[data-copy]:not([hidden])").First.ClickAsync();

        await reader.Page.UntilAsync("[...document.querySelectorAll('[data-copy]')].some(button => button.textContent !== 'Copy')");
        reader.Window.AssertPolicyKept();
    }

    private async Task<World> StartAsync()
    {
        InstalledProgram.Require("chromium");
        return await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
    }

    private async Task<Operator> OpenAsync(World world)
    {
        var reader = new Operator(await chromium.OpenAsync(), world.Gateway);
        await reader.Page.AddInitScriptAsync(Watch);
        await reader.SignInAsync();
        // A page asks for itself once when its stream opens: what a test puts in its place comes after that.
        await reader.Page.UntilAsync("window.first?.isConnected === false");
        return reader;
    }

    // A message at most each second goes out, and what is told meanwhile is one.
    private static Task TellUntilAsync(World world, IPage page, string condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            world.Gateway.Services.GetRequiredService<ConnectionChanges>().Tell("demo");
            return await page.EvaluateAsync<bool>(condition);
        },
        what);
}
