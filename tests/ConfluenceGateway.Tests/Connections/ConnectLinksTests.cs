using ConfluenceGateway.Connections;
using ConfluenceGateway.Tests.Infrastructure;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>What a link to connect is good for, and until when.</summary>
public sealed class ConnectLinksTests(Stores stores)
{
    private static readonly ConnectionId Id = ConnectionId.Parse("demo", null);

    [Theory]
    [InlineData(nameof(LinkIssuer.Caller))]
    [InlineData(nameof(LinkIssuer.Operator))]
    public async Task It_remembers_who_handed_it_out(string issuer)
    {
        await using var world = await StartAsync();
        var links = LinksOf(world);

        var ticket = Ticket(links.Create(Id, Enum.Parse<LinkIssuer>(issuer)));

        Assert.Equal(issuer, links.Check(Id, ticket).ToString());
    }

    [Fact]
    public async Task It_leads_to_the_connection_at_the_public_address()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), settings: "--Gateway:PublicUrl=https://gateway.example.com/base/");

        var link = LinksOf(world).Create(Id, LinkIssuer.Operator);

        Assert.StartsWith("https://gateway.example.com/base/connect/demo?ticket=", link.Url.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_works_for_no_other_connection()
    {
        await using var world = await StartAsync();
        var ticket = Ticket(LinksOf(world).Create(Id, LinkIssuer.Operator));

        Assert.Null(LinksOf(world).Check(ConnectionId.Parse("other", null), ticket));
    }

    [Fact]
    public async Task It_works_in_another_replica()
    {
        await using var world = await World.StartAsync(stores.ConnectionString(StoreKind.Embedded), gateways: 2);
        var ticket = Ticket(LinksOf(world).Create(Id, LinkIssuer.Operator));

        Assert.Equal(LinkIssuer.Operator, world.Gateways[1].Services.GetRequiredService<ConnectLinks>().Check(Id, ticket));
    }

    [Fact]
    public async Task A_change_anywhere_in_the_ticket_breaks_it()
    {
        await using var world = await StartAsync();
        var ticket = Ticket(LinksOf(world).Create(Id, LinkIssuer.Caller));

        // The last character may carry bits that mean nothing.
        for (var position = 0; position < ticket.Length - 1; position++)
        {
            var tampered = ticket[..position] + (ticket[position] == 'A' ? 'B' : 'A') + ticket[(position + 1)..];
            Assert.Null(LinksOf(world).Check(Id, tampered));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("not base64url!")]
    public async Task What_is_no_ticket_is_refused(string? ticket)
    {
        await using var world = await StartAsync();

        Assert.Null(LinksOf(world).Check(Id, ticket));
    }

    [Fact]
    public async Task It_ends_with_its_life()
    {
        await using var world = await StartAsync();
        var link = LinksOf(world).Create(Id, LinkIssuer.Operator);
        Assert.Equal(world.Clock.GetUtcNow() + ConnectLinks.Life, link.ExpiresAt, TimeSpan.FromMinutes(1));

        world.Clock.Advance(ConnectLinks.Life - TimeSpan.FromMinutes(1));
        Assert.Equal(LinkIssuer.Operator, LinksOf(world).Check(Id, Ticket(link)));

        world.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(LinksOf(world).Check(Id, Ticket(link)));
    }

    private Task<World> StartAsync() => World.StartAsync(stores.ConnectionString(StoreKind.Embedded));

    private static ConnectLinks LinksOf(World world) => world.Gateway.Services.GetRequiredService<ConnectLinks>();

    private static string Ticket(ConnectLink link) => QueryHelpers.ParseQuery(link.Url.Query)["ticket"].ToString();
}
