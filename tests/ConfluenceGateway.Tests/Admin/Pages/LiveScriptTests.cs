using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Admin.Pages;

/// <summary>What the script does in a real browser to a page that is open.</summary>
public sealed class LiveScriptTests(Stores stores)
{
    // Stands in for a page with forms: what the server answers from now on, and what it had answered before.
    private const string PageWithForms = """
        (() => {
          window.asked = 0;
          window.form = count => `<h1>Asked ${count}</h1><form><input name="edited" value="old"><input name="other" value="as it was ${count}">
            <select name="choice"><option>one</option><option>two</option></select><textarea name="long"></textarea><input type="checkbox" name="tick">
            </form><details id="more"><summary>More</summary><div>text</div></details><a href="/connections" class="here">a link</a><div class="filler"></div>`;
          window.fetch = async () => new Response(`<!doctype html><title>New title</title><main>${form(++window.asked)}</main>`);
          document.querySelector("main").innerHTML = form(0);
          return "ready";
        })()
        """;

    [Fact]
    public async Task An_open_page_shows_what_changed_and_keeps_what_its_reader_did()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await using var chromium = await OpenAsync(world);
        await chromium.EvaluateAsync(PageWithForms);
        await chromium.EvaluateAsync("""
            (() => {
              const at = name => document.querySelector(`[name=${name}]`);
              at("edited").value = "half-filled"; at("choice").selectedIndex = 1; at("long").value = "text"; at("tick").checked = true;
              document.querySelector("#more").open = true;
              document.querySelector("a.here").focus();
            })()
            """);

        await TellUntilAsync(world, chromium, "document.querySelector('h1').textContent !== 'Asked 0'", "the page shows what changed");

        Assert.Equal("New title", await chromium.EvaluateAsync("document.title"));
        Assert.Equal("half-filled|two|text|true|true|a link", await chromium.EvaluateAsync("""
            [document.querySelector("[name=edited]").value, document.querySelector("select").value, document.querySelector("textarea").value,
             document.querySelector("[name=tick]").checked, document.querySelector("#more").open, document.activeElement.textContent].join("|")
            """));
        Assert.StartsWith("as it was ", await chromium.EvaluateAsync("document.querySelector('[name=other]').value"), StringComparison.Ordinal);
        Assert.NotEqual("as it was 0", await chromium.EvaluateAsync("document.querySelector('[name=other]').value"));
    }

    [Fact]
    public async Task A_page_is_left_alone_while_somebody_writes_and_follows_afterwards()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await using var chromium = await OpenAsync(world);
        await chromium.EvaluateAsync(PageWithForms);
        await TellUntilAsync(world, chromium, "asked > 0", "the page follows");
        await chromium.EvaluateAsync("(() => { const field = document.querySelector('[name=edited]'); field.focus(); field.value = 'writ'; window.field = field; window.before = asked; })()");

        for (var time = 0; time < 3; time++)
        {
            world.Gateway.Services.GetRequiredService<ConnectionChanges>().Tell("demo");
            await Task.Delay(TimeSpan.FromMilliseconds(700), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal("true|true|writ|true", await chromium.EvaluateAsync("[field.isConnected, document.activeElement === field, field.value, asked === before].join('|')"));
        await chromium.EvaluateAsync("field.blur()");
        await chromium.UntilAsync("asked > before && !field.isConnected && document.querySelector('[name=edited]').value === 'writ'", "the page follows when the field is left");
    }

    [Fact]
    public async Task A_real_page_is_exchanged_without_a_complaint_and_a_lost_connection_is_told()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded));
        await using var chromium = await OpenAsync(world);
        await chromium.EvaluateAsync("window.before = document.querySelector('h1')");

        await TellUntilAsync(world, chromium, "!before.isConnected", "the content is exchanged");

        Assert.Equal("Overview", await chromium.EvaluateAsync("document.querySelector('h1').textContent"));
        Assert.Empty(chromium.Complaints);
        Assert.Equal("", await chromium.EvaluateAsync("document.querySelector('.live').textContent"));
        await world.Gateway.DisposeAsync();
        await chromium.UntilAsync("document.querySelector('.live').textContent.startsWith('Connection lost')", "the lost connection is told");
    }

    [Fact]
    public async Task Blocks_of_text_can_be_copied_once_there_is_a_script()
    {
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        await world.AddGatewayWithAsync([.. world.StoreSettings(), "--Atlassian:ClientId="]);
        await using var chromium = await OpenAsync(world);

        Assert.Equal("0", await chromium.EvaluateAsync("document.querySelectorAll('[data-copy][hidden]').length"));
        await chromium.EvaluateAsync("document.querySelector('[data-copy]').click()");

        await chromium.UntilAsync("document.querySelector('[data-copy]').textContent !== 'Copy'", "the button tells that it did");
        Assert.Empty(chromium.Complaints);
    }

    private static async Task<Chromium> OpenAsync(World world)
    {
        using var browser = new Browser();
        await browser.SignInAsync(world.Gateway);
        var chromium = await Chromium.StartAsync();
        await chromium.OpenAsync(browser, world.Gateway.Page("/"));
        return chromium;
    }

    // The stream may not be open yet when the page is.
    private static Task TellUntilAsync(World world, Chromium chromium, string condition, string what) => Eventually.TrueAsync(
        async () =>
        {
            world.Gateway.Services.GetRequiredService<ConnectionChanges>().Tell("demo");
            return await chromium.EvaluateAsync(condition) == "true";
        },
        what);
}
