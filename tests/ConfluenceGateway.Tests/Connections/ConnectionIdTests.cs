using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>What names a connection may have.</summary>
public sealed class ConnectionIdTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("7")]
    [InlineData("acme-wiki-2")]
    [InlineData("a--b")]
    [InlineData("123456789-123456789-123456789-123456789-123456789-123456789-123")]
    public void A_DNS_label_is_taken_as_it_is(string text)
    {
        Assert.True(ConnectionId.TryParse(text, out var id));
        Assert.Equal(text, id.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("Acme")]
    [InlineData("a.b")]
    [InlineData("a_b")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a}b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("٣")]
    [InlineData("123456789-123456789-123456789-123456789-123456789-123456789-1234")]
    public void Anything_else_is_refused(string? text) => Assert.False(ConnectionId.TryParse(text, out _));

    [Fact]
    public void The_refusal_says_what_an_id_looks_like() =>
        Assert.Contains(ConnectionId.Rule, Assert.Throws<FormatException>(() => ConnectionId.Parse("Acme", null)).Message, StringComparison.Ordinal);
}
