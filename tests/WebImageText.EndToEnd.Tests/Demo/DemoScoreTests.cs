using WebImageText.Cli.Demo;

namespace WebImageText.Tests.Demo;

[Collection(OneAtATime.Name)]
public class DemoScoreTests
{
    private static readonly Dictionary<string, DemoExpectation> Expected = new()
    {
        ["a"] = new(null, "A text", DemoExpectation.ByPages),
        ["b"] = new(DropReason.TooSmall, "A text", DemoExpectation.ByPages),
        ["c1"] = new(DropReason.ExactDuplicate, "A text", DemoExpectation.ByPages, "copies"),
        ["c2"] = new(DropReason.ExactDuplicate, "A text", DemoExpectation.ByPages, "copies"),
    };

    private static readonly Dictionary<string, DemoGroup> Groups = new() { ["copies"] = new(["c1", "c2"], 1) };

    [Theory]
    [InlineData("kept", "exact_duplicate")]
    [InlineData("exact_duplicate", "kept")]
    public void Either_copy_may_be_kept(string first, string second) => Assert.Empty(Differences("kept", "too_small", first, second));

    [Fact]
    public void A_wrong_outcome_is_told() =>
        Assert.Equal(["b should be too_small and is kept"], Differences("kept", "kept", "kept", "exact_duplicate"));

    [Fact]
    public void A_lost_picture_is_told() =>
        Assert.Equal(["a should be kept and was never judged"], Differences(null, "too_small", "kept", "exact_duplicate"));

    [Theory]
    [InlineData("kept", "kept", 2)]
    [InlineData("exact_duplicate", "exact_duplicate", 0)]
    public void Two_copies_or_none_are_told(string first, string second, int kept) =>
        Assert.Equal([$"of the 2 of 'copies', 1 should be kept and {kept} are"], Differences("kept", "too_small", first, second));

    [Fact]
    public void A_copy_lost_for_another_reason_is_told() =>
        Assert.Equal(["c2 should be exact_duplicate and is timeout"], Differences("kept", "too_small", "kept", "timeout"));

    [Fact]
    public void What_no_page_shows_is_told() => Assert.Equal(
        ["x is kept, and no page shows it"],
        DemoScore.Differences(Expected, Groups, new Dictionary<string, string>(Outcomes("kept", "too_small", "kept", "exact_duplicate")) { ["x"] = "kept" }));

    private static IEnumerable<string> Differences(string? a, string? b, string? first, string? second) =>
        DemoScore.Differences(Expected, Groups, Outcomes(a, b, first, second));

    private static Dictionary<string, string> Outcomes(params string?[] values) =>
        Expected.Keys.Zip(values, (address, value) => (Address: address, Value: value)).Where(outcome => outcome.Value is not null)
            .ToDictionary(outcome => outcome.Address, outcome => outcome.Value!);
}
