using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.Playwright;

namespace ConfluenceGateway.Tests.Pages;

/// <summary>Every page of operators is accessible and fits, in the light, in the dark and on a phone.</summary>
public sealed class OperatorLookTests(Stores stores, ChromiumBrowser chromium, TroubledGateway troubled) : IClassFixture<TroubledGateway>
{
    // By the name that its picture has.
    private static readonly Dictionary<string, (string Heading, Func<Operator, Task> Reach)> Ways = new()
    {
        ["overview-trouble"] = ("Overview", person => person.SignInAsync()),
        ["connections"] = ("Connections", person => person.SignInAsync("/connections")),
        ["connections-filtered"] = ("Connections", person => person.SignInAsync("/connections?state=reauth_required&q=r")),
        ["connections-none"] = ("Connections", person => person.SignInAsync("/connections?q=nothing+is+called+so")),
        ["connections-bad-filter"] = ("Connections", person => person.SignInAsync("/connections?expiresBefore=soon")),
        ["connection-active"] = ("Sales reports", person => person.SignInAsync("/connections/sales-reports")),
        ["connection-dead"] = ("Intranet search", person => person.SignInAsync("/connections/intranet-search")),
        ["connection-paused"] = ("Finance dashboards", person => person.SignInAsync("/connections/finance-dashboards")),
        ["connection-pending"] = ("Design system docs", async person =>
        {
            await person.SignInAsync("/connections/design-system");
            await person.PressAsync("Make a link to connect");
            await person.Page.GetByText("Delete this connection").ClickAsync();
        }
        ),
        ["connection-viewed"] = ("Sales reports", person => person.SignInAsync("/connections/sales-reports", Operator.ViewerKey)),
        ["new-connection"] = ("New connection", person => person.SignInAsync("/connections/new")),
        ["new-connection-refused"] = ("New connection", async person =>
        {
            await person.SignInAsync("/connections/new");
            await person.Page.GetByLabel("Id", new PageGetByLabelOptions { Exact = true }).FillAsync("sales-reports");
            await person.PressAsync("Create");
            await person.Notice.AssertSaysAsync("taken");
        }
        ),
        ["audit"] = ("Audit", person => person.SignInAsync("/audit")),
        ["audit-none"] = ("Audit", person => person.SignInAsync("/audit?actor=nobody")),
        ["operators-only"] = ("Only operators may do this", person => person.SignInAsync("/connections/new", Operator.ViewerKey)),
        ["not-found"] = ("Not found", person => person.SignInAsync("/connections/gone")),
        ["sign-in"] = ("Sign in", person => person.OpenAsync("/connections")),
        ["sign-in-refused"] = ("Sign in", async person =>
        {
            await person.OpenAsync("/");
            await person.Page.GetByLabel("Admin key").FillAsync("not the key");
            await person.PressAsync("Sign in");
            await person.Page.GetByRole(AriaRole.Alert).AssertSaysAsync("not the key");
        }
        ),
    };

    public static TheoryData<string> Names => [.. Ways.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task It_is_accessible_in_every_look(string name)
    {
        InstalledProgram.Require("chromium");
        RedisProcess.Require();
        await InspectAsync(name, (await troubled.WorldAsync()).Gateway, Ways[name]);
    }

    [Fact]
    public async Task The_overview_of_a_day_without_trouble_is_accessible_in_every_look()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), 1, "--Refresh:KeepAliveAfter=60.00:00:00");
        await Fleet.ServeAsync(world);

        await InspectAsync("overview", world.Gateway, ("Overview", person => person.SignInAsync()));
    }

    [Fact]
    public async Task The_guide_to_set_up_is_accessible_in_every_look()
    {
        InstalledProgram.Require("chromium");
        await using var world = await World.StartWithoutGatewayAsync(stores.ConnectionString(StoreKind.Embedded));
        var gateway = await world.AddGatewayWithAsync([.. world.StoreSettings(), "--Atlassian:ClientId="]);

        await InspectAsync("set-up", gateway, ("Set up the gateway", person => person.SignInAsync()));
    }

    private async Task InspectAsync(string name, TestGateway gateway, (string Heading, Func<Operator, Task> Reach) way)
    {
        await using var person = new Operator(await chromium.OpenAsync(bypassPolicy: true), gateway);
        await way.Reach(person);
        await person.AssertReadsAsync(way.Heading);
        await person.Window.InspectAsync(name, Look.Operators);
    }
}
