using ConfluenceGateway.Tests.Conventions;

namespace ConfluenceGateway.Deployment.Chart;

/// <summary>The chart's README shows the values as they are.</summary>
public sealed class ReadmeTests
{
    private const string Begin = "<!-- values: made from values.yaml -->\n";
    private const string End = "<!-- end of values -->";

    [Fact]
    public void Its_table_is_made_from_the_comments_of_the_values()
    {
        var readme = Repository.Read("charts", "confluence-gateway", "README.md");
        var (begin, end) = (readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, readme.IndexOf(End, StringComparison.Ordinal));
        var table = ValuesFile.Parse(Repository.Read("charts", "confluence-gateway", "values.yaml")).Table();
        WrittenFile.Expect(readme[..begin] + "\n" + table + "\n" + readme[end..], "charts", "confluence-gateway", "README.md");
    }

    [Fact]
    public void A_row_has_the_value_its_default_and_its_meaning()
    {
        var table = ValuesFile.Parse("""
            # A comment of the file.
            a:
              # -- First | part.
              b: ""
              # -- Second.
              c: 5
            # -- Third.
            d: {}
            # -- Fourth.
            e:
              f: "1"
            # -- Fifth.
            # @default -- much
            g:
              - h: 1
            """).Table();
        Assert.Equal(
            """
            | value | default | meaning |
            |---|---|---|
            | `a.b` |  | First \| part. |
            | `a.c` | `5` | Second. |
            | `d` | `{}` | Third. |
            | `e` | `f: 1` | Fourth. |
            | `g` | much | Fifth. |

            """,
            table);
    }

    [Fact]
    public void A_value_without_a_comment_is_an_error() =>
        Assert.Contains("a.b", Assert.Throws<FormatException>(() => ValuesFile.Parse("a:\n  b: 1\n  # -- Said.\n  c: 2\n").Table()).Message, StringComparison.Ordinal);
}
