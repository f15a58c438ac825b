using CsCheck;
using WebImageText.Pipeline.Queries;

namespace WebImageText.Tests.Pipeline;

public class QuerySlotsTests
{
    private static PairUid Uid(int number) => new((UInt128)number);

    [Fact]
    public void A_pair_waits_while_a_slot_may_come_back_and_gets_it_when_it_does()
    {
        var slots = new QuerySlots(cap: 1, committed: 0);
        slots.Offer(Uid(1));
        var second = slots.Offer(Uid(2));

        slots.Free(Uid(1));

        Assert.Equal(SlotAnswer.Wait, second);
        Assert.Equal((Uid(2), SlotAnswer.Granted), slots.NextAnswer());
        Assert.Null(slots.NextAnswer());
    }

    [Fact]
    public void A_waiting_pair_is_turned_away_once_every_slot_is_firm()
    {
        var slots = new QuerySlots(cap: 1, committed: 0);
        slots.Offer(Uid(1));
        slots.Offer(Uid(2));

        slots.Stage(Uid(1));

        Assert.Equal((Uid(2), SlotAnswer.Full), slots.NextAnswer());
        Assert.Equal(SlotAnswer.Full, slots.Offer(Uid(3)));
    }

    [Fact]
    public void A_repeated_offer_is_answered_again_and_counted_once()
    {
        var slots = new QuerySlots(cap: 2, committed: 0);

        Assert.Equal(SlotAnswer.Granted, slots.Offer(Uid(1)));
        Assert.Equal(SlotAnswer.Granted, slots.Offer(Uid(1)));

        Assert.Equal(1, slots.Room);
    }

    // Any pairs, any cap, any order of offers, drops, stagings and commits, late and repeated ones among them.
    [Fact]
    public void No_order_of_messages_passes_the_cap_and_none_leaves_a_slot_unused() =>
        Gen.Select(Gen.Int[1, 4], Gen.Select(Gen.Int[0, 12], Gen.Int[0, 3]).Array[0, 120]).Sample((cap, messages) =>
        {
            var slots = new QuerySlots(cap, committed: 0);
            var holders = new HashSet<PairUid>();
            var waiting = new HashSet<PairUid>();
            foreach (var (number, kind) in messages)
            {
                var uid = Uid(number);
                switch (kind)
                {
                    case 0 when slots.Offer(uid) is var answer:
                        if (answer == SlotAnswer.Granted)
                            holders.Add(uid);
                        else if (answer == SlotAnswer.Wait)
                            waiting.Add(uid);
                        break;
                    case 1:
                        slots.Free(uid);
                        holders.Remove(uid);
                        waiting.Remove(uid);
                        break;
                    case 2 when holders.Contains(uid):
                        slots.Stage(uid);
                        break;
                    case 3 when holders.Contains(uid):
                        slots.Commit([uid], slots.Committed + 1);
                        holders.Remove(uid);
                        break;
                }
                while (slots.NextAnswer() is var (next, given))
                {
                    waiting.Remove(next);
                    if (given == SlotAnswer.Granted)
                        holders.Add(next);
                }
                Assert.True(slots.Committed + holders.Count <= cap);
                Assert.True(waiting.Count == 0 || slots.Room == 0);
            }
        });
}
