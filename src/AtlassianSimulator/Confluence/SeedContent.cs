using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AtlassianSimulator.Media;

namespace AtlassianSimulator.Confluence;

/// <summary>What a site holds at the start: the same in every run.</summary>
internal sealed class SeedContent(ConfluenceSite site, MediaStore media)
{
    private static readonly DateTimeOffset Start = new(2024, 3, 4, 9, 0, 0, TimeSpan.Zero);

    private static readonly string[] Chapters = ["Getting started", "Architecture", "Operations", "Decisions", "Meeting notes"];

    private readonly string _author = site.Directory.Alice.AccountId;
    private int _hours;

    public void Plant()
    {
        var demo = site.AddSpace("DEMO", "Demonstration", "A space to try things in", _author, Start);
        var home = Page(demo, "Demonstration Home", null, 0, "<h1>Welcome</h1><p>This space shows what a wiki looks like.</p>");
        demo.HomepageId = home.Id;
        for (var chapter = 0; chapter < Chapters.Length; chapter++)
        {
            PlantChapter(demo, home, chapter);
        }

        PlantDetails(home);
        for (var number = 1; number <= 3; number++)
        {
            BlogPost(demo, string.Create(CultureInfo.InvariantCulture, $"News {number}"));
        }

        var engineering = site.AddSpace("ENG", "Engineering", "How we build things", _author, Start);
        var start = Page(engineering, "Engineering Home", null, 0, "<p>Start here.</p>");
        engineering.HomepageId = start.Id;
        Page(engineering, "Coding rules", start, 0, "<p>Read the code before you write more of it.</p>");
        Page(engineering, "Runbook", start, 1, "<p>Look at the graphs &amp; breathe.</p>");
        BlogPost(engineering, "Release day");

        // Last, so that the ids of what stands above do not depend on them.
        PlantTasks(home, start);
        demo.Labels.Add(site.Label("team-space"));
    }

    private void PlantChapter(Space space, Content home, int chapter)
    {
        var parent = Page(space, Chapters[chapter], home, chapter, $"<p>About {Chapters[chapter].ToLowerInvariant()}.</p>");
        for (var number = 1; number <= 5; number++)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"{Chapters[chapter]} {number}");
            Page(space, title, parent, number, $"<p>{title}: <strong>details</strong> &amp; more.</p>");
        }
    }

    private void PlantDetails(Content home)
    {
        home.Add(home.Latest with
        {
            Number = 2,
            CreatedAt = Later(),
            Message = "Say more",
            Body = home.Latest.Body + "<p>Read on below.</p>",
        });
        home.Labels.Add(site.Label("welcome"));
        home.Labels.Add(site.Label("demo"));
        home.Properties.Add(site.NewProperty("editor", "v2", _author));
        home.Properties.Add(site.NewProperty("review", new JsonObject { ["due"] = "2025-01-31", ["by"] = "alice" }, _author));

        var comment = Comment(home, ContentKind.FooterComment, "<p>Good to have this.</p>", null, null);
        Comment(home, ContentKind.FooterComment, "<p>Agreed.</p>", comment, null);
        Comment(home, ContentKind.FooterComment, "<p>One more thought.</p>", null, null);
        Comment(home, ContentKind.InlineComment, "<p>Is that so?</p>", null, new InlineAnchor("7f0c1d2e-0000-4000-8000-000000000001", "Welcome"));

        var file = media.Keep("text/plain", Encoding.UTF8.GetBytes($"Hello from {site.Site.Name}.\n"));
        site.Add(new Content(
            site.NextId(), ContentKind.Attachment, home.SpaceId, new ContentVersion(1, _author, Later(), "hello.txt", "A first file", File: file))
        {
            ContainerId = home.Id,
        });
    }

    private void PlantTasks(Content home, Content start)
    {
        var bob = site.Directory.Bob.AccountId;
        Task(home, 1, "Say hello to the team").Set("complete", bob, Later());
        Task(home, 2, "Review the <strong>page tree</strong>", bob, Start.AddYears(1));
        Task(home, 3, "Read on below");
        Task(start, 1, "Order the graphs", _author);
    }

    private InlineTask Task(Content on, long localId, string body, string? assigneeId = null, DateTimeOffset? dueAt = null) => site.Add(
        new InlineTask(site.NextId(), localId, on, body, _author, Later()) { AssigneeId = assigneeId, DueAt = dueAt });

    private Content Page(Space space, string title, Content? parent, int position, string body) => site.Add(
        new Content(site.NextId(), ContentKind.Page, space.Id, new ContentVersion(1, _author, Later(), title, body))
        {
            ParentId = parent?.Id,
            Position = position,
        });

    private void BlogPost(Space space, string title) => site.Add(
        new Content(site.NextId(), ContentKind.BlogPost, space.Id, new ContentVersion(1, _author, Later(), title, $"<p>{title} from the team.</p>")));

    private Content Comment(Content on, ContentKind kind, string body, Content? answers, InlineAnchor? anchor) => site.Add(
        new Content(site.NextId(), kind, on.SpaceId, new ContentVersion(1, site.Directory.Bob.AccountId, Later(), $"Re: {on.Title}", body))
        {
            ContainerId = on.Id,
            ParentId = answers?.Id,
            Anchor = anchor,
        });

    private DateTimeOffset Later() => Start.AddHours(++_hours);
}
