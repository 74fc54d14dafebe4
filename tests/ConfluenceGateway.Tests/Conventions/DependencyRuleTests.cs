using ConfluenceGateway.Tests.Conventions.Synthetic.Redis;

namespace ConfluenceGateway.Tests.Conventions;

/// <summary>A folder uses only folders on the lines below its own.</summary>
public sealed class DependencyRuleTests
{
    private static readonly DependencyRule Rule = new("ConfluenceGateway");
    private static readonly DependencyRule SyntheticRule = new("ConfluenceGateway.Tests.Conventions.Synthetic");

    [Fact]
    public void No_source_file_names_a_folder_above_or_beside_its_own() =>
        Assert.Empty(Repository.SourceFiles(Repository.GatewayFolder)
            .Where(file => FolderOf(file) is not null)
            .SelectMany(file => Rule.ForbiddenInSource(FolderOf(file)!, File.ReadAllText(file))));

    [Fact]
    public void No_compiled_type_reaches_a_folder_above_or_beside_its_own() =>
        Assert.Empty(typeof(Program).Assembly.GetTypes().SelectMany(Rule.ForbiddenInCode));

    [Fact]
    public void Every_folder_has_a_place_in_the_rule() =>
        Assert.Empty(Repository.SourceFiles(Repository.GatewayFolder).Select(FolderOf).OfType<string>().Except(DependencyRule.Folders));

    [Theory]
    [InlineData("Redis", "using ConfluenceGateway.Proxy;")]
    [InlineData("Redis", "var forward = new global::ConfluenceGateway.Connections.Grant();")]
    [InlineData("OAuth", "using ConfluenceGateway.Admin;")]
    [InlineData("Compatibility", "using ConfluenceGateway.Proxy;")]
    public void A_source_file_that_names_a_folder_above_or_beside_it_is_found(string folder, string text) =>
        Assert.NotEmpty(Rule.ForbiddenInSource(folder, text));

    [Theory]
    [InlineData("Proxy", "using ConfluenceGateway.Compatibility;")]
    [InlineData("Proxy", "using ConfluenceGateway.Configuration;")]
    [InlineData("Redis", "namespace ConfluenceGateway.Redis;")]
    public void A_source_file_that_names_what_it_may_is_not_found(string folder, string text) =>
        Assert.Empty(Rule.ForbiddenInSource(folder, text));

    [Theory]
    [InlineData(typeof(InAField))]
    [InlineData(typeof(InABody))]
    [InlineData(typeof(AsATypeArgument))]
    [InlineData(typeof(AsABase))]
    public void A_compiled_type_that_reaches_up_is_found_wherever_it_hides_it(Type type) =>
        Assert.NotEmpty(SyntheticRule.ForbiddenInCode(type).Concat(type.GetNestedTypes().SelectMany(SyntheticRule.ForbiddenInCode)));

    [Fact]
    public void A_compiled_type_that_reaches_down_is_not_found() =>
        Assert.Empty(SyntheticRule.ForbiddenInCode(typeof(Synthetic.Proxy.Above)));

    private static string? FolderOf(string file) =>
        Path.GetRelativePath(Repository.GatewayFolder, file).Split(Path.DirectorySeparatorChar) is [var folder, _, ..] ? folder : null;
}
