using System.Collections.Immutable;
using CsCheck;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;

namespace WebImageText.Tests.Pipeline;

/// <summary>A query's slots, the staging of nodes and the ledger together, as the pipeline has them speak to each other.</summary>
public class CapTests
{
    private const int Pairs = 9;

    private enum Step
    {
        Offer, Drop, Stage, StageAgain, Commit, CommitAgain, QueryDies, LedgerDies,
    }

    // Whatever dies between any two messages, and whichever of them come late or twice: the cap holds after each, and
    // once everybody has tried again the query owns as many pairs as there are, up to the cap.
    [Fact]
    public void Any_order_of_messages_and_deaths_ends_with_the_cap_or_all_there_is() =>
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Enum<Step>(), Gen.Int[0, Pairs - 1]).Array[0, 80]).Sample((cap, steps) =>
        {
            var query = new Model(cap);
            foreach (var (step, pair) in steps)
            {
                query.Do(step, pair);
                Assert.InRange(query.Committed, 0, cap);
            }
            query.Settle();
            Assert.Equal(Math.Min(cap, Pairs - query.Dropped), query.Committed);
        });

    private sealed class Model(int cap)
    {
        private static readonly QueryId Query = new(7);

        private LedgerState _ledger = new();
        private QuerySlots _slots = new(cap, committed: 0);
        private readonly HashSet<PairUid> _atWork = [];
        private readonly HashSet<PairUid> _staged = [];
        private readonly HashSet<PairUid> _ended = [];
        private ShardCommitted? _last;
        private int _commits;

        public int Committed => _ledger.CountOf(Query);

        public int Dropped { get; private set; }

        public void Do(Step step, int pair)
        {
            var uid = new PairUid((UInt128)pair);
            switch (step)
            {
                case Step.Offer when !_staged.Contains(uid) && !_ended.Contains(uid):
                    Hear(uid, _slots.Offer(uid));
                    break;
                case Step.Drop when _atWork.Remove(uid):
                    _ended.Add(uid);
                    Dropped++;
                    _slots.Free(uid);
                    break;
                case Step.Stage when _atWork.Remove(uid):
                    _staged.Add(uid);
                    _slots.Stage(uid);
                    break;
                case Step.StageAgain:
                    foreach (var staged in _staged)
                        _slots.Stage(staged);
                    break;
                case Step.Commit when _staged.Count > 0:
                    Commit();
                    break;
                // The node did not hear that its commit stands, and asks again.
                case Step.CommitAgain when _last is { } last:
                    Assert.NotNull(_ledger.Find(last.Commit));
                    break;
                // Reservations die with the query's entity, and whoever worked on them offers again.
                case Step.QueryDies:
                    _slots = new(cap, _ledger.CountOf(Query));
                    _atWork.Clear();
                    break;
                case Step.LedgerDies:
                    _ledger = LedgerState.From(_ledger.ToSnapshot());
                    break;
            }
            while (_slots.NextAnswer() is var (next, answer))
                Hear(next, answer);
        }

        public void Settle()
        {
            for (var round = 0; round < 2; round++)
            {
                Do(Step.StageAgain, 0);
                for (var pair = 0; pair < Pairs; pair++)
                    Do(Step.Offer, pair);
                for (var pair = 0; pair < Pairs; pair++)
                    Do(Step.Stage, pair);
                Do(Step.Commit, 0);
            }
        }

        private void Hear(PairUid uid, SlotAnswer answer)
        {
            if (answer == SlotAnswer.Granted)
                _atWork.Add(uid);
            else if (answer == SlotAnswer.Full)
                _ended.Add(uid);
        }

        private void Commit()
        {
            var name = $"commit-{_commits++}";
            var (shard, _, excess) = _ledger.Open(name, new Dictionary<int, int> { [Query.Row] = _staged.Count }, hasRejections: false, cap);
            List<PairUid> kept = [.. _staged.SkipLast(excess.GetValueOrDefault(Query.Row))];
            _ended.UnionWith(_staged);
            _staged.Clear();
            if (kept.Count > 0)
            {
                _last = new(
                    name, name, [.. kept.Select(uid => new CommittedPair(uid, Query.Row))], ImmutableSortedDictionary<DropReason, int>.Empty, DateTimeOffset.UnixEpoch, shard);
                Assert.Null(_ledger.Objection(_last, cap));
                _ledger.Apply(_last);
            }
            _slots.Commit([.. _ended], _ledger.CountOf(Query));
        }
    }
}
