using Microsoft.Extensions.Time.Testing;
using WebImageText.Pipeline;

namespace WebImageText.Tests.Pipeline;

public class SteadyClockTests
{
    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_clock_that_is_set_moves_no_time_that_has_passed(int seconds)
    {
        var wall = new WallClock();
        var clock = new SteadyClock(wall);
        var start = clock.GetUtcNow();

        wall.Passed.Advance(TimeSpan.FromSeconds(10));
        wall.Set = TimeSpan.FromSeconds(seconds);

        Assert.Equal(start.AddSeconds(10), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(seconds), clock.Ahead);
    }

    private sealed class WallClock : TimeProvider
    {
        public FakeTimeProvider Passed { get; } = new();

        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => Passed.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Passed.GetUtcNow() + Set;

        public override long GetTimestamp() => Passed.GetTimestamp();
    }
}
