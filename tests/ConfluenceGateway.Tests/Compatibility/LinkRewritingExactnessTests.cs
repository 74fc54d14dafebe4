using System.Text;
using ConfluenceGateway.Compatibility;

namespace ConfluenceGateway.Tests.Compatibility;

/// <summary>The result is that of the obvious rewriting, however the body arrives and is read.</summary>
public sealed class LinkRewritingExactnessTests
{
    [Theory]
    [InlineData(LinkBodies.V1List)]
    [InlineData(LinkBodies.V2List)]
    public async Task It_does_not_matter_where_a_body_is_split(string body)
    {
        var json = Encoding.UTF8.GetBytes(body);
        var expected = ObviousRewriting.Apply(json, LinkBodies.Rules);

        for (var split = 1; split < json.Length; split++)
        {
            Assert.Equal(expected, await LinkBodies.RewriteAsync(new ChunkedBody(json, split, json.Length)));
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 4096)]
    [InlineData(7, 3)]
    [InlineData(4096, 1)]
    [InlineData(4096, 13)]
    public async Task It_does_not_matter_how_much_arrives_or_is_read_at_a_time(int chunk, int readSize)
    {
        var json = Encoding.UTF8.GetBytes(LinkBodies.V1List + LinkBodies.V2List);

        Assert.Equal(ObviousRewriting.Apply(json, LinkBodies.Rules), await LinkBodies.RewriteAsync(new ChunkedBody(json, chunk), readSize));
    }

    [Fact]
    public async Task Random_bodies_come_out_as_by_the_obvious_rewriting()
    {
        LinkRule[] overlapping = [new("/wiki/wiki", "/a"), .. LinkBodies.Rules, new("", "/b")];
        var changed = 0;
        for (var seed = 0; seed < 5_000; seed++)
        {
            var json = new RandomJson(seed).Draw();
            var rules = seed % 2 == 0 ? LinkBodies.Rules : overlapping;
            var expected = ObviousRewriting.Apply(json, rules);
            var sizes = new Random(seed);

            var body = new ChunkedBody(json, [.. Enumerable.Range(0, 20).Select(_ => sizes.Next(1, 30)), 50]);
            var rewritten = await LinkBodies.RewriteAsync(body, sizes.Next(1, 100), rules);

            Assert.True(expected.AsSpan().SequenceEqual(rewritten), $"Seed {seed}: {Encoding.UTF8.GetString(json)}");
            changed += expected.AsSpan().SequenceEqual(json) ? 0 : 1;
        }

        Assert.InRange(changed, 1_000, 4_900);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\"")]
    [InlineData("{\"self\":\"/wik")]
    [InlineData("{\"self\":\"/wiki")]
    [InlineData("{\"self\":\"\\")]
    [InlineData("{\"title\":\"x\\")]
    [InlineData("}}]]{\"self\":\"/wiki\"}")]
    [InlineData("{\"self\" \"/wiki\"}")]
    [InlineData("{\"self\":1 \"/wiki\"}")]
    [InlineData("{\"a\":'_links'} {\"self\":\"/wiki\"}")]
    [InlineData("{\"body\":\"a \"quoted\" word\",\"self\":\"/wiki\"}")]
    [InlineData("<html>{\"self\":\"/wiki\"}</html>")]
    [InlineData("{\"a\":[1},\"self\":\"/wiki\"}")]
    public async Task What_is_not_json_passes_as_it_is(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);

        Assert.Equal(bytes, await LinkBodies.RewriteAsync(new ChunkedBody(bytes, bytes.Length)));
        Assert.Equal(bytes, await LinkBodies.RewriteAsync(new ChunkedBody(bytes, 1)));
    }

    [Fact]
    public async Task Links_before_the_place_where_a_body_breaks_are_rewritten() =>
        Assert.Equal(
            """{"self":"/confluence/demo/wiki","a":oops!,"self":"/wiki"}""",
            await LinkBodies.RewriteAsync("""{"self":"/wiki","a":oops!,"self":"/wiki"}"""));

    [Fact]
    public async Task A_byte_order_mark_is_no_obstacle() =>
        Assert.Equal("\uFEFF{\"self\":\"/confluence/demo/wiki\"}", await LinkBodies.RewriteAsync("\uFEFF{\"self\":\"/wiki\"}"));

    [Fact]
    public async Task Bytes_that_are_not_utf8_pass()
    {
        byte[] json = [.. "{\"a\":\""u8, 0xFF, 0xC0, 0x80, .. "\",\"self\":\"/wiki"u8, 0xFF, .. "\",\"self\":\"/wiki/"u8, 0xED, 0xA0, .. "\"}"u8];
        byte[] expected = [.. "{\"a\":\""u8, 0xFF, 0xC0, 0x80, .. "\",\"self\":\"/wiki"u8, 0xFF, .. "\",\"self\":\"/confluence/demo/wiki/"u8, 0xED, 0xA0, .. "\"}"u8];

        Assert.Equal(expected, await LinkBodies.RewriteAsync(new ChunkedBody(json, 3)));
    }

    [Theory]
    [InlineData(500, "/confluence/demo/wiki")]
    [InlineData(1_000_000, "/wiki")]
    public async Task Nesting_too_deep_to_follow_ends_the_rewriting(int depth, string expected)
    {
        var (open, close) = (new string('[', depth), new string(']', depth));

        Assert.Equal(
            $$"""{"a":{{open}}{{close}},"self":"{{expected}}"}""",
            await LinkBodies.RewriteAsync($$"""{"a":{{open}}{{close}},"self":"/wiki"}"""));
    }
}
