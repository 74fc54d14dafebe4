using ConfluenceGateway.Webhooks;

namespace ConfluenceGateway.Tests.Webhooks;

/// <summary>When a failed delivery is tried again.</summary>
public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ten_attempts_are_spread_over_three_days_and_a_tenth_more_at_most()
    {
        string[] pauses = ["00:00:05", "00:05:00", "00:30:00", "02:00:00", "05:00:00", "10:00:00", "14:00:00", "20:00:00", "1.00:00:00"];

        Assert.Equal(pauses, Enumerable.Range(1, 9).Select(attempts => DeliverySchedule.Pause(attempts, null, 0)!.Value.ToString("c")));
        Assert.All(Enumerable.Range(1, 9), attempts =>
            Assert.Equal(DeliverySchedule.Pause(attempts, null, 0)!.Value.TotalSeconds * 1.1, DeliverySchedule.Pause(attempts, null, 1)!.Value.TotalSeconds, 0.001));
        Assert.Null(DeliverySchedule.Pause(10, null, 0));
    }

    [Theory]
    [InlineData("00:10:00", "00:10:00")]
    [InlineData("00:00:01", "00:00:05")]
    [InlineData("-00:10:00", "00:00:05")]
    [InlineData("365.00:00:00", "1.00:00:00")]
    public void What_the_receiver_asks_for_is_kept_within_bounds(string asked, string kept) =>
        Assert.Equal(TimeSpan.Parse(kept, null), DeliverySchedule.Pause(1, TimeSpan.Parse(asked, null), 0));

    [Fact]
    public void A_delivery_is_given_up_after_the_tenth_attempt_even_when_it_is_asked_for_another()
    {
        var delivery = new Delivery("connection.paused", Now);
        for (var attempt = 1; attempt <= 9; attempt++)
        {
            delivery = delivery.After(new Attempt.Failed("503", null), Now, TimeSpan.FromMilliseconds(12), 0);
            Assert.Equal((DeliveryStatus.Waiting, attempt), (delivery.Status, delivery.Attempts));
            Assert.True(delivery.NextAttemptAt > Now);
        }

        delivery = delivery.After(new Attempt.Failed("503", TimeSpan.FromMinutes(1)), Now, TimeSpan.FromMilliseconds(12), 0);

        Assert.Equal((DeliveryStatus.GivenUp, 10, "503", 12L, null), (delivery.Status, delivery.Attempts, delivery.Answer, delivery.DurationMs, delivery.NextAttemptAt));
        Assert.Equal(delivery, Delivery.Read(delivery.Write()));
    }
}
