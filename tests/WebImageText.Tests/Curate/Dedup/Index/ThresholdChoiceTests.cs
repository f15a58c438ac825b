using WebImageText.Curate.Dedup.Index;

namespace WebImageText.Tests.Curate.Dedup.Index;

public sealed class ThresholdChoiceTests
{
    private static readonly CopyScore[] Copies = [.. Enumerable.Range(0, 100).Select(at => new CopyScore(at % 2 == 0 ? "crop" : "jpeg", at % 2 == 0 ? 0.5f + at / 250f : 0.99f))];

    [Theory]
    [InlineData(2_000, 1e-4)]
    [InlineData(2_000, 1e-5)]
    [InlineData(200_000, 1e-3)]
    public void The_false_rate_holds_for_an_exponential_tail(int pictures, double rate)
    {
        // Best scores as 0.3 and something exponential with a mean of 0.04: the right threshold is known.
        var random = new Random(4);
        var crawl = Enumerable.Range(0, pictures).Select(_ => new CrawlScore((float)(0.3 - 0.04 * Math.Log(1 - random.NextDouble())))).ToArray();

        var (threshold, calibration) = ThresholdChoice.Choose(Copies, crawl, rate);

        var right = 0.3 - 0.04 * Math.Log(rate);
        Assert.Equal(right, threshold, 0.1);
        Assert.Equal(pictures, calibration.Negatives);
        Assert.Equal(1, calibration.RecallByEdit["jpeg"]);
        Assert.Equal(Copies.Count(copy => copy.Score >= threshold) / 100.0, calibration.Recall);
        Assert.True(calibration.Curve.Zip(calibration.Curve.Skip(1)).All(two => two.Item1.Threshold > two.Item2.Threshold && two.Item1.Recall <= two.Item2.Recall));
    }

    [Fact]
    public void Copies_in_the_crawl_are_no_negatives_and_pairs_called_different_stay_out()
    {
        var crawl = Enumerable.Range(0, 1000).Select(at => new CrawlScore(0.2f + at / 10_000f)).ToArray();
        var (before, _) = ThresholdChoice.Choose(Copies, crawl, 1e-4);

        var (same, accepted) = ThresholdChoice.Choose(Copies, [.. crawl, new(0.95f, IsCopy: true)], 1e-4);
        var (raised, rejected) = ThresholdChoice.Choose(Copies, [.. crawl, new(0.8f, IsCopy: false)], 1e-4);

        Assert.Equal((before, 1), (same, accepted.Accepted));
        Assert.Equal((MathF.BitIncrement(0.8f), 1), (raised, rejected.Rejected));
        Assert.Contains("called different", rejected.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_little_to_choose_by_is_refused() => Assert.Contains("100 pictures are the least",
        Assert.Throws<InvalidDataException>(() => ThresholdChoice.Choose(Copies, [new(0.1f)], 1e-4)).Message, StringComparison.Ordinal);
}
