using WebImageText.Curate.Audit;

namespace WebImageText.Tests.Curate.Audit;

public sealed class BinomialInferenceTests
{
    // scipy 1.10: beta.ppf and binom.sf, level 99.5 %.
    [Theory]
    [InlineData(0, 10, .5, 0, 0.4507197283, 1)]
    [InlineData(10, 10, .5, 0.5492802717, 1, 9.7656250000e-04)]
    [InlineData(7, 10, .5, 0.2367268336, 0.9710442466, 1.7187500000e-01)]
    [InlineData(1, 1, .3, 0.0025000000, 1, 3.0000000000e-01)]
    [InlineData(60, 100, .5, 0.4549893318, 0.7336068541, 2.8443966820e-02)]
    [InlineData(121, 1000, .10, 0.0937363275, 0.1525862360, 1.7257230527e-02)]
    [InlineData(215, 1000, .2, 0.1797151003, 0.2535206345, 1.2630510584e-01)]
    [InlineData(4540, 5000, .9, 0.8959654890, 0.9191123028, 3.0175203397e-02)]
    [InlineData(4321, 4536, .94, 0.9430631014, 0.9610065395, 1.2638700471e-04)]
    public void Interval_and_test_agree_with_scipy(int successes, int trials, double chance, double low, double high, double p)
    {
        var interval = BinomialInference.ClopperPearson(successes, trials, 0.995);

        Assert.Equal(low, interval.Low, 6e-11);
        Assert.Equal(high, interval.High, 6e-11);
        Assert.Equal(1, BinomialInference.AtLeast(successes, trials, chance) / p, 8);
    }

    [Fact]
    public void Certain_and_impossible_chances_need_no_series()
    {
        Assert.Equal(1, BinomialInference.AtLeast(0, 5, 0));
        Assert.Equal(0, BinomialInference.AtLeast(1, 5, 0));
        Assert.Equal(1, BinomialInference.AtLeast(5, 5, 1));
    }

    [Fact]
    public void The_interval_covers_the_truth_as_often_as_it_says()
    {
        // Exactly: the chance of every count, summed where its interval holds the true chance.
        foreach (var truth in new[] { 0.03, 0.4, 0.9 })
        {
            var covered = Enumerable.Range(0, 41).Where(count => BinomialInference.ClopperPearson(count, 40, 0.95) is var (low, high) && low <= truth && truth <= high)
                .Sum(count => BinomialInference.AtLeast(count, 40, truth) - (count == 40 ? 0 : BinomialInference.AtLeast(count + 1, 40, truth)));
            Assert.InRange(covered, 0.95, 1);
        }
    }
}
