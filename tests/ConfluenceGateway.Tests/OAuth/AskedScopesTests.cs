using ConfluenceGateway.Atlassian;
using ConfluenceGateway.OAuth;

namespace ConfluenceGateway.Tests.OAuth;

/// <summary>Scopes in plain words.</summary>
public sealed class AskedScopesTests
{
    [Fact]
    public void The_default_scopes_read_as_four_permissions_in_Confluence()
    {
        var asked = AskedScopes.Of(new AtlassianOptions().Scopes);

        Assert.Equal(
            [
                "Read and search what your account may see in Confluence",
                "Create and change content in Confluence, where your account may",
                "Delete content in Confluence, where your account may",
                "Keep this access while you are away, until somebody takes it back",
            ],
            asked.Lines);
        Assert.Equal(new AtlassianOptions().Scopes.Split(' ').Order(StringComparer.Ordinal), asked.Names);
    }

    [Theory]
    [InlineData("read:page:confluence", "Read and search what your account may see in Confluence")]
    [InlineData("read:jira-work read:page:confluence", "Read and search what your account may see in Confluence and Jira")]
    [InlineData("read:me", "Read and search what your account may see in your Atlassian account")]
    [InlineData("write:jira-work", "Create and change content in Jira, where your account may")]
    [InlineData("manage:confluence-configuration", "Manage settings of Confluence, where your account may")]
    [InlineData("report:personal-data", "What Atlassian calls report:personal-data")]
    [InlineData("readable", "What Atlassian calls readable")]
    [InlineData("offline_access", "Keep this access while you are away, until somebody takes it back")]
    public void A_scope_is_told_by_what_it_lets_do_and_where(string scopes, string line) =>
        Assert.Equal(line, Assert.Single(AskedScopes.Of(scopes).Lines));

    [Fact]
    public void A_scope_that_stands_twice_is_listed_once() =>
        Assert.Equal(["read:page:confluence"], AskedScopes.Of("read:page:confluence  read:page:confluence").Names);
}
