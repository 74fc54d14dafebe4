using ConfluenceGateway.Connections;

namespace ConfluenceGateway.Tests.Connections;

/// <summary>Ids are in the order they were made, within a millisecond too.</summary>
public sealed class TimeOrderedIdTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Fact]
    public void Ids_of_one_millisecond_sort_as_they_were_made_whatever_others_are_made_between()
    {
        var made = new List<string>();
        for (var number = 0; number < 10_000; number++)
        {
            made.Add(TimeOrderedId.New("x_", Now));
            TimeOrderedId.New("y_", Now.AddDays(number % 3 - 1));
        }

        Assert.Equal(made.Order(StringComparer.Ordinal), made);
        Assert.Equal(made.Count, made.Distinct().Count());
    }

    [Fact]
    public void Later_ids_sort_after_earlier_ones() =>
        Assert.True(string.CompareOrdinal(TimeOrderedId.New("x_", Now.AddMilliseconds(1)), TimeOrderedId.New("x_", Now)) > 0);

    [Fact]
    public void They_are_UUIDs_of_version_7()
    {
        var id = Guid.Parse(TimeOrderedId.New("", Now));

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    }
}
