using System.Text.RegularExpressions;
using WebImageText.Cli.Demo;
using WebImageText.Cli.Demo.Scenes;
using WebImageText.Cli.Demo.Web;

namespace WebImageText.Tests.Demo;

[Collection(OneAtATime.Name)]
public partial class DemoPlanTests
{
    private static readonly DemoPlan Plan = DemoPlan.Create(1);

    [Fact]
    public void The_same_seed_gives_the_same_web() => Assert.Equal(Texts(DemoPlan.Create(1)), Texts(Plan));

    [Fact]
    public void Two_thousand_scenes_and_their_copies_have_an_outcome()
    {
        Assert.InRange(Plan.Expected.Count, 2_000, 2_100);
        Assert.InRange(Plan.Expected.Values.Count(expected => expected.Status == "kept"), 1_700, 1_800);
    }

    [Fact]
    public void Every_bad_case_is_there()
    {
        var missing = DropReasons.All.Except(Plan.Expected.Values.Select(expected => expected.Drop).OfType<DropReason>());

        Assert.Equal( // what the demo cannot have: certificates, name servers, scores, lists of others
            [
                DropReason.DnsError, DropReason.TlsError, DropReason.TextTooLong, DropReason.Unsafe, DropReason.LowScore, DropReason.Blocked,
                DropReason.TakenDown, DropReason.HashMismatch,
            ],
            missing);
    }

    [Fact]
    public void Every_address_is_canonical() =>
        Assert.All(Plan.Expected.Keys, address => Assert.Equal(address, WebAddress.Parse(address).Canonical));

    [Fact]
    public void Copies_compete_for_one_place_and_balloons_for_sixty()
    {
        Assert.All(Plan.Groups.Where(group => group.Key != DemoPlan.FullQuery), group => Assert.Equal((2, 1), (group.Value.Addresses.Count, group.Value.Kept)));
        var full = Plan.Groups[DemoPlan.FullQuery];
        Assert.Equal((75, 60), (full.Addresses.Count, full.Kept));
    }

    [Fact]
    public void No_other_query_fills_up()
    {
        var counts = SceneKind.Queries.ToDictionary(query => query, query => Plan.Expected.Values.Count(expected => Holds(expected.Caption, query)));

        Assert.Equal([SceneKind.Overflowing.Name], counts.Where(count => count.Value > DemoPlan.Cap).Select(count => count.Key));
    }

    [Fact]
    public void A_caption_holds_a_query_unless_that_is_what_is_wrong()
    {
        foreach (var (address, expected) in Plan.Expected)
        {
            if (expected.Drop is DropReason.NoText or DropReason.TextTooShort or DropReason.Language)
                continue;
            Assert.True(SceneKind.Queries.Any(query => Holds(expected.Caption, query)) == (expected.Drop != DropReason.NoQuery), $"{address}: {expected.Caption}");
        }
    }

    [Fact]
    public void The_balloons_hold_no_other_query() => Assert.All(
        Plan.Groups[DemoPlan.FullQuery].Addresses,
        address => Assert.Equal(["balloon"], SceneKind.Queries.Where(query => Holds(Plan.Expected[address].Caption, query))));

    [Fact]
    public void The_evaluation_scenes_are_shown_nowhere_but_as_copies()
    {
        var held = Plan.Evaluation.ToHashSet();
        var shown = Plan.Answers.Where(answer => answer.Value is DemoAnswer.Picture picture && held.Contains(picture.File.Scene))
            .Select(answer => Plan.Expected.GetValueOrDefault(answer.Key));

        Assert.Equal(46 * 4, held.Count);
        Assert.Equal(24, shown.Count(expected => expected is not null));
        Assert.All(shown.OfType<DemoExpectation>(), expected => Assert.Equal(DropReason.NearDuplicateOfEvaluationImage, expected.Drop));
    }

    private static IEnumerable<string> Texts(DemoPlan plan) => plan.Answers.OrderBy(answer => answer.Key, StringComparer.Ordinal)
        .Select(answer => $"{answer.Key} {(answer.Value is DemoAnswer.Text text ? text.Body : answer.Value.GetType().Name)} {plan.Expected.GetValueOrDefault(answer.Key)}");

    private static bool Holds(string caption, string query) =>
        $" {string.Join(' ', Words().Matches(caption.ToLowerInvariant()).Select(word => word.Value))} ".Contains($" {query} ", StringComparison.Ordinal);

    [GeneratedRegex(@"\w+")]
    private static partial Regex Words();
}
