using System.Text.RegularExpressions;

namespace ConfluenceGateway.Tests.Conventions;

/// <summary>Files are short, and names say what is inside.</summary>
public sealed partial class StructureTests
{
    private static readonly string[] BannedFolders =
        ["Models", "Services", "Interfaces", "Extensions", "Helpers", "Utils", "Common", "Domain", "Application", "Infrastructure"];

    [Fact]
    public void No_source_file_is_longer_than_300_lines() =>
        Assert.Empty(Repository.SourceFiles(Path.Combine(Repository.Root, "src"))
            .Where(file => File.ReadLines(file).Count() > 300).Select(Named));

    [Fact]
    public void No_test_file_is_longer_than_200_lines() =>
        Assert.Empty(Repository.SourceFiles(Path.Combine(Repository.Root, "tests", "ConfluenceGateway.Tests"))
            .Where(file => File.ReadLines(file).Count() > 200).Select(Named));

    // What the compiler does not see of .editorconfig.
    [Fact]
    public void Every_source_file_is_UTF8_without_a_mark_and_its_lines_end_as_they_should() =>
        Assert.Empty(Repository.SourceFiles(Path.Combine(Repository.Root, "src")).Concat(Repository.SourceFiles(Path.Combine(Repository.Root, "tests")))
            .Where(file => !file.Contains("node_modules", StringComparison.Ordinal))
            .Where(file => File.ReadAllBytes(file) is not [not 0xEF, .., not (byte)' ' and not (byte)'\n', (byte)'\n'] || OddLine().IsMatch(File.ReadAllText(file))).Select(Named));

    [Fact]
    public void No_folder_is_named_after_a_kind_of_type() =>
        Assert.Empty(Repository.SourceFiles(Path.Combine(Repository.Root, "src"))
            .Where(file => Named(file).Split(Path.DirectorySeparatorChar).Intersect(BannedFolders).Any()).Select(Named));

    [Fact]
    public void No_type_has_a_name_that_says_nothing() =>
        Assert.Empty(Repository.SourceFiles(Path.Combine(Repository.Root, "src"))
            .SelectMany(file => BannedType().Matches(File.ReadAllText(file)).Select(match => $"{Named(file)}: {match.Value}")));

    [Theory]
    [InlineData("internal sealed class TokenManager(")]
    [InlineData("public static class StringUtils")]
    [InlineData("internal readonly record struct IdHelper;")]
    public void A_type_name_that_says_nothing_is_found(string declaration) => Assert.Matches(BannedType(), declaration);

    private static string Named(string file) => Path.GetRelativePath(Repository.Root, file);

    [GeneratedRegex(@"\r|[ \t]\n|\n\n\n")]
    private static partial Regex OddLine();

    [GeneratedRegex(@"\b(class|record|struct|interface|enum) \w*(Manager|Helpers?|Utils?|Utility|Extensions)\b")]
    private static partial Regex BannedType();
}
