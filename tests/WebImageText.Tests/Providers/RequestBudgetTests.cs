using CsCheck;
using WebImageText.Crawl.Providers;

namespace WebImageText.Tests.Providers;

public class RequestBudgetTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void No_limit_is_ever_passed() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[5, 30], Gen.Int[0, 400].Array[1, 60]).Sample((few, many, waits) =>
        {
            var (minute, hour) = (TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
            var budget = new RequestBudget([new(few, minute), new(many, hour)]);
            List<DateTimeOffset> asked = [];
            var now = Start;
            foreach (var wait in waits)
            {
                now += TimeSpan.FromSeconds(wait);
                var at = budget.Take(now);
                asked.Add(at);
                now = at > now ? at : now;
            }
            return asked.All(at => asked.Count(other => other > at - minute && other <= at) <= few)
                && asked.All(at => asked.Count(other => other > at - hour && other <= at) <= many);
        });

    [Fact]
    public void Without_limits_nobody_waits()
    {
        var budget = new RequestBudget([]);

        Assert.Equal(Start, budget.Take(Start));
        Assert.Equal(Start, budget.Take(Start));
    }
}
