using System.Collections.Immutable;
using CsCheck;
using WebImageText.Pipeline.Ledgers;

namespace WebImageText.Tests.Pipeline;

public class LedgerStateTests
{
    private static ShardCommitted Commit(string name, int? shard, params int[] owners) => new(
        name, name, [.. owners.Select((owner, at) => new CommittedPair(new((UInt128)HashCode.Combine(name, at)), owner))],
        ImmutableSortedDictionary<DropReason, int>.Empty, DateTimeOffset.UnixEpoch, shard);

    private static Dictionary<int, int> Counts(params int[] owners) => owners.GroupBy(owner => owner).ToDictionary(group => group.Key, group => group.Count());

    [Fact]
    public void An_opening_says_which_pairs_are_too_many()
    {
        var ledger = new LedgerState();
        ledger.Apply(Commit("a", 0, 7, 7));

        var (shard, rejected, excess) = ledger.Open("b", Counts(7, 7, 8), hasRejections: false, cap: 3);

        Assert.Equal(1, shard);
        Assert.Equal(0, rejected);
        Assert.Equal(1, Assert.Single(excess, entry => entry.Key == 7).Value);
        Assert.DoesNotContain(8, excess.Keys);
    }

    [Fact]
    public void Two_open_commits_share_the_room()
    {
        var ledger = new LedgerState();
        ledger.Open("a", Counts(7, 7), hasRejections: false, cap: 3);

        var (shard, _, excess) = ledger.Open("b", Counts(7, 7), hasRejections: false, cap: 3);

        Assert.Equal(1, shard);
        Assert.Equal(1, excess[7]);
    }

    [Fact]
    public void A_number_that_was_given_twice_is_refused_the_second_time()
    {
        var ledger = new LedgerState();
        ledger.Apply(Commit("a", 0, 1));

        Assert.Contains("0 is taken", ledger.Objection(Commit("b", 0, 2), cap: 9), StringComparison.Ordinal);
    }

    [Fact]
    public void An_abandoned_number_is_given_again()
    {
        var ledger = new LedgerState();
        ledger.Open("lost", Counts(1), hasRejections: false, cap: 9);
        var restarted = LedgerState.From(ledger.ToSnapshot());

        Assert.Equal(0, restarted.Open("next", Counts(1), hasRejections: false, cap: 9).Shard);
    }

    [Fact]
    public void Pairs_without_an_owner_have_no_cap()
    {
        var ledger = new LedgerState();

        var (_, _, excess) = ledger.Open("a", Counts(-1, -1, -1), hasRejections: false, cap: 1);

        Assert.Empty(excess);
        Assert.Null(ledger.Objection(Commit("a", 0, -1, -1, -1), cap: 1));
    }

    // Commits that open, change their mind, crash and come again, in any order: the cap holds after each of them.
    [Fact]
    public void No_interleaving_of_commits_passes_the_cap() =>
        Gen.Select(Gen.Int[1, 3], Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 2].Array[0, 5]).Array[0, 40]).Sample((cap, steps) =>
        {
            var ledger = new LedgerState();
            var plans = new Dictionary<string, (int? Shard, int[] Owners)>();
            foreach (var (number, kind, owners) in steps)
            {
                var name = $"commit-{number}";
                if (kind == 0 && ledger.Find(name) is null)
                {
                    var (shard, _, excess) = ledger.Open(name, Counts(owners), hasRejections: false, cap);
                    plans[name] = (shard, [.. owners.GroupBy(owner => owner).SelectMany(group => group.SkipLast(excess.GetValueOrDefault(group.Key)))]);
                }
                else if (kind == 1 && plans.TryGetValue(name, out var plan) && ledger.Find(name) is null)
                {
                    var commit = Commit(name, plan.Shard, plan.Owners);
                    if (ledger.Objection(commit, cap) is null)
                        ledger.Apply(commit);
                }
                else if (kind == 2)
                {
                    ledger = LedgerState.From(ledger.ToSnapshot());
                }
                Assert.All(Enumerable.Range(0, 3), query => Assert.True(ledger.CountOf(new(query)) <= cap));
                Assert.Distinct(ledger.Commits.Where(commit => commit.Shard is not null).Select(commit => commit.Shard));
            }
        });
}
