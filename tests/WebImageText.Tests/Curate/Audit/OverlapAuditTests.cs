using CsCheck;
using WebImageText.Curate.Audit;

namespace WebImageText.Tests.Curate.Audit;

public sealed class OverlapAuditTests
{
    private static readonly Gen<AuditedExample> Examples = Gen.Select(Gen.Float[0, 1], Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 20]).Select(
        (score, correct, label, plain) => new AuditedExample("x", $"class {label}", correct, score, "near", plain == 0));

    [Fact]
    public void The_gain_is_the_share_of_overlap_times_the_difference() => Examples.Array[1, 300].Sample(examples =>
    {
        var row = Run(new AuditedSet("set", 0.5f, examples));
        if (row.Difference is { } difference)
            Assert.Equal(row.Contamination * difference, row.Gain!.Value, 12);
        Assert.Equal(row.All.Examples, row.Overlap.Examples + row.Clean.Examples);
        Assert.Equal(examples.Length, row.All.Examples + row.Featureless.Examples);
        Assert.Equal(row.All.Examples, row.Histogram.Sum());
        Assert.Equal(row.All.Examples, row.Classes.Sum(share => share.Overlap + share.Clean));
    });

    [Fact]
    public void A_set_that_overlap_helps_stands_out_after_division_by_the_number_of_tests()
    {
        // 60 of 100 right on Overlap and half right on Clean: p is 0.028, under 0.05 and over 0.05 / 2.
        var helped = new AuditedSet("helped", 0.5f, [.. Some(100, 60, 0.9f), .. Some(2000, 1000, 0.1f)]);
        var even = new AuditedSet("even", 0.5f, [.. Some(100, 50, 0.9f), .. Some(2000, 1000, 0.1f)]);
        var clean = new AuditedSet("clean", 0.5f, [.. Some(2000, 1000, 0.1f)]);

        Assert.Equal(0.02844396682, Run(helped).P!.Value, 9);
        Assert.True(OverlapAudit.Run([helped, clean])[0].IsSignificant);
        Assert.False(OverlapAudit.Run([helped, even])[0].IsSignificant);
        Assert.Null(OverlapAudit.Run([clean])[0].P);
    }

    [Fact]
    public void Featureless_examples_stay_out_of_all_three_columns()
    {
        var black = new AuditedExample("black.png", "frame", false, 1, "other black", IsFeatureless: true);
        var row = Run(new AuditedSet("set", 0.5f, [.. Some(10, 5, 0.9f), .. Some(90, 45, 0.1f), .. Enumerable.Repeat(black, 50)]));

        Assert.Equal((100, 10, 90, 50), (row.All.Examples, row.Overlap.Examples, row.Clean.Examples, row.Featureless.Examples));
        Assert.Equal(0, row.Difference!.Value, 12);
        Assert.Contains(row.Notes, note => note.Contains("50 featureless", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_that_only_overlap_show_in_the_distance()
    {
        var cats = Some(50, 25, 0.9f).Select(example => example with { Label = "cat" });
        var dogs = Some(50, 25, 0.1f).Select(example => example with { Label = "dog" });

        Assert.Equal(1, Run(new AuditedSet("set", 0.5f, [.. cats, .. dogs])).ClassDistance);
        Assert.Equal(0, Run(new AuditedSet("set", 0.5f, [.. Some(50, 25, 0.9f), .. Some(50, 25, 0.1f)])).ClassDistance);
    }

    private static OverlapRow Run(AuditedSet set) => OverlapAudit.Run([set])[0];

    private static IEnumerable<AuditedExample> Some(int count, int correct, float score) =>
        Enumerable.Range(0, count).Select(at => new AuditedExample($"{at}.jpg", "class", at < correct, score, "near"));
}
