using CsCheck;
using WebImageText.Pipeline.Copies;

namespace WebImageText.Tests.Pipeline.Copies;

public class CopyTableTests
{
    // Few bytes, pixels, homes, looks and descriptors, so that most pictures are copies of some other.
    private static readonly Gen<(int Bytes, int Home, int Pixels, int Look, int Degrees)> Keys =
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 5], Gen.Int[0, 6], Gen.Int[-40, 256], Gen.Int[-60, 180]);

    private static readonly Gen<(PictureOf[] Pictures, int Seed)> Plays = Gen.Select(
        Keys.Array[2, 14].Select(keys => keys.Select((key, uid) =>
            SomePictures.Of((uid * 5 % 17) + 1, key.Bytes, key.Home * 3, key.Pixels, key.Look < 0 ? null : key.Look, key.Look < 0 || key.Degrees < 0 ? null : key.Degrees)).ToArray()),
        Gen.Int);

    [Fact]
    public void One_after_the_other_they_are_judged_as_by_one_index() => Plays.Sample(play =>
    {
        var cluster = new CopyPlay(new(play.Seed));
        var one = new List<PictureOf>();
        foreach (var picture in play.Pictures)
        {
            cluster.Look(picture);
            cluster.Settle();

            var best = one.Select(held => Match(held, picture)).Aggregate((CopyMatch?)null, CopyMatch.Best);
            if (best is null)
                one.Add(picture);
            Assert.Equal(best?.ToDrop().Reason, cluster.Answers[picture]?.Reason);
            // Of two that are equally near either is named.
            if (best is { Kind: CopyKind.Look or CopyKind.Likeness })
                Assert.Contains(cluster.Answers[picture], one.Select(held => Match(held, picture)).OfType<CopyMatch>()
                    .Where(match => match with { Uid = best.Value.Uid } == best).Select(match => match.ToDrop()));
        }
        Assert.Equal(one.ToHashSet(), cluster.AllHeld.ToHashSet());
    });

    [Fact]
    public void Of_copies_that_race_one_is_held_and_what_is_dropped_is_a_copy_of_a_held_one() => Plays.Sample(
        play =>
        {
            var dice = new Random(play.Seed);
            var cluster = new CopyPlay(dice);
            foreach (var picture in play.Pictures)
            {
                cluster.Look(picture);
                for (var steps = dice.Next(40); steps > 0; steps--)
                    cluster.Step(lossPercent: 20);
            }
            cluster.Settle();

            foreach (var picture in play.Pictures)
            {
                Assert.Equal(cluster.Answers[picture] is null, cluster.AllHeld.Contains(picture));
                Assert.Equal(cluster.Answers[picture] is not null, cluster.AllHeld.Any(held => SomePictures.Rule.IsCopy(held, picture)));
            }
        },
        iter: 1500);

    [Fact]
    public void Ranges_that_die_never_come_to_hold_copies_of_each_other_nor_lose_what_is_confirmed() => Plays.Sample(
        play =>
        {
            var dice = new Random(play.Seed);
            var cluster = new CopyPlay(dice);
            var confirmed = new HashSet<PictureOf>();
            for (var round = 0; round < 4; round++)
            {
                // Whoever had no answer, or is about to commit, asks again.
                foreach (var picture in play.Pictures)
                {
                    cluster.Look(picture);
                    for (var steps = dice.Next(30); steps > 0; steps--)
                        cluster.Step(lossPercent: 10);
                    if (dice.Next(6) == 0)
                        cluster.Kill(dice.Next(CopyTable.Ranges));
                    if (cluster.AllHeld.Contains(picture) && dice.Next(3) == 0)
                    {
                        cluster.Confirm(picture);
                        confirmed.Add(picture);
                    }
                }
            }
            foreach (var picture in play.Pictures)
                cluster.Look(picture);
            cluster.Settle();

            Assert.Subset(cluster.AllHeld.ToHashSet(), confirmed);
            foreach (var picture in play.Pictures)
                Assert.True(cluster.AllHeld.Contains(picture) != cluster.AllHeld.Any(held => SomePictures.Rule.IsCopy(held, picture)), picture.ToString());
        },
        iter: 1500);

    [Fact]
    public void A_picture_that_is_held_is_known_without_a_question()
    {
        var table = new CopyTable(0, new(SomePictures.Rule));
        var picture = SomePictures.Of(1, 1, 0, 1, 10);
        table.Hold(picture);

        Assert.True(table.Knows(picture, out var copy));
        Assert.Null(copy);
        Assert.True(table.Knows(picture with { Uid = new(2) }, out copy));
        Assert.Equal($"same bytes as {picture.Uid}", copy!.Value.ToDrop().Detail);
        Assert.False(table.Knows(SomePictures.Of(3, 2, 0, 2, 11), out _));
    }

    [Fact]
    public void All_that_is_open_goes_in_one_question_to_each_other_range()
    {
        var table = new CopyTable(3, new(SomePictures.Rule));
        for (var uid = 1; uid <= 50; uid++)
            table.Begin(SomePictures.Of(uid, uid, 3, uid, null));

        var questions = table.Ask();

        Assert.Equal(Enumerable.Range(0, CopyTable.Ranges).Where(range => range != 3).Select(CopyTable.NameOf), questions.Select(question => question.Question.EntityId));
        Assert.All(questions, question => Assert.Equal(50, question.Question.Pictures.Count));
        Assert.Empty(table.Ask());
    }

    [Fact]
    public void Of_two_copies_that_are_open_at_home_the_smaller_uid_stays_whichever_came_first()
    {
        var table = new CopyTable(0, new(SomePictures.Rule));
        var (greater, smaller) = (SomePictures.Of(2, 1, 0, 1, null), SomePictures.Of(1, 1, 0, 2, null));
        table.Begin(greater);
        var questions = table.Ask();
        table.Begin(smaller);
        foreach (var (range, question) in questions)
            table.Hear(new(range, question.Number, [], []));
        Assert.Empty(table.Decide());

        foreach (var (range, question) in table.Ask())
            table.Hear(new(range, question.Number, [], []));

        Assert.Equal([new(smaller, null), new(greater, new CopyMatch(CopyKind.Bytes, 0, smaller.Uid))], table.Decide());
    }

    [Fact]
    public void What_is_held_for_a_pair_that_is_rejected_is_free_unless_it_is_there_for_good()
    {
        var looks = new LookIndex(SomePictures.Rule);
        var table = new CopyTable(0, looks);
        var (promised, committed) = (SomePictures.Of(1, 1, 0, 1, 10), SomePictures.Of(2, 2, 0, 2, 100));
        table.Promise(promised);
        table.Promise(committed);
        table.Hold(committed);
        var question = new CopyQuestion("0", 2, 1, [SomePictures.Of(3, 3, 2, 3, 12), SomePictures.Of(4, 4, 2, 4, 99), SomePictures.Of(5, 1, 2, 5, null)]);
        Assert.Equal(3, table.Answer(question)!.Copies.Count);

        table.Forget([promised.Uid, committed.Uid]);

        Assert.Equal([new(new(4), new(CopyKind.Look, 1, new(2)))], table.Answer(question)!.Copies);
        Assert.False(table.Knows(promised, out _));
        table.Promise(promised);
        Assert.Equal(3, table.Answer(question)!.Copies.Count);
    }

    [Fact]
    public void Pictures_that_look_different_are_copies_by_their_descriptors()
    {
        var table = new CopyTable(0, new(SomePictures.Rule));
        foreach (var (uid, degrees) in new[] { (1, 0), (2, 40), (3, 50) })
            table.Hold(SomePictures.Of(uid, uid, 0, uid, 40 * uid, degrees));
        PictureOf Asked(int uid, int degrees) => SomePictures.Of(uid, uid, 5, uid, 256, degrees);

        var copies = table.Answer(new("0", 5, 1, [Asked(4, 8), Asked(5, 20), Asked(6, 48), Asked(7, 44), Asked(8, 68)]))!.Copies;

        // The nearest of two; what is 18 degrees away is just one, what is 20 away none.
        Assert.Equal([(new PairUid(4), new PairUid(1)), (new(6), new(3)), (new(7), new(2)), (new(8), new(3))], copies.Select(copy => (copy.Uid, copy.Of.Uid)));
        Assert.All(copies, copy => Assert.Equal(CopyKind.Likeness, copy.Of.Kind));
        Assert.Equal(new(DropReason.NearDuplicate, $"0.9902 like {new PairUid(1)}"), copies[0].Of.ToDrop());
        // What looks alike is nearer than what is like, and less near than equal bytes.
        var both = new CopyQuestion("0", 5, 2, [SomePictures.Of(9, 9, 5, 9, 85, 0), SomePictures.Of(10, 3, 5, 10, 85, 0)]);
        Assert.Equal(["5 of 256 bits", "same bytes as"], table.Answer(both)!.Copies.Select(copy => copy.Of.ToDrop().Detail![..13]));
    }

    [Fact]
    public void A_descriptor_of_another_model_says_nothing()
    {
        var (one, other) = (SomePictures.Of(1, 1, 0, 1, 0, 0), SomePictures.Of(2, 2, 0, 2, 256, 0));
        Assert.True(SomePictures.Rule.IsCopy(one, other));
        Assert.False(CopyRule.WithoutDescriptors.IsCopy(one, other));
        var foreign = SomePictures.Descriptor(0);
        foreign[0]++;

        foreach (var cell in new[] { foreign, SomePictures.Descriptor(0)[..^2], [] })
        {
            var strange = other with { Keys = other.Keys with { Descriptor = new(cell) } };
            Assert.False(SomePictures.Rule.IsCopy(one, strange));
            var table = new CopyTable(0, new(SomePictures.Rule));
            table.Hold(strange);
            Assert.Empty(table.Answer(new("0", 5, 1, [one]))!.Copies);
        }
    }

    [Fact]
    public void A_table_that_is_closed_says_nothing_and_its_looks_are_gone()
    {
        var looks = new LookIndex(SomePictures.Rule);
        var (gone, stays) = (new CopyTable(0, looks), new CopyTable(1, looks));
        gone.Hold(SomePictures.Of(1, 1, 0, 1, 10));
        stays.Hold(SomePictures.Of(2, 2, 1, 2, 100));
        var question = new CopyQuestion("1", 2, 1, [SomePictures.Of(3, 3, 2, 3, 12), SomePictures.Of(4, 4, 2, 4, 99)]);
        Assert.Equal([new(new(3), new(CopyKind.Look, 2, new(1))), new(new(4), new(CopyKind.Look, 1, new(2)))], stays.Answer(question)!.Copies);

        gone.Close();

        Assert.Null(gone.Answer(question));
        Assert.Equal([new(new(4), new(CopyKind.Look, 1, new(2)))], stays.Answer(question)!.Copies);
    }

    private static CopyMatch? Match(PictureOf held, PictureOf picture) =>
        !SomePictures.Rule.IsCopy(held, picture) ? null
        : IsLike(held, picture) is { } score ? new(CopyKind.Likeness, 0, held.Uid, score)
        : held.Keys.Bytes == picture.Keys.Bytes ? new(CopyKind.Bytes, 0, held.Uid)
        : held.Keys.Pixels == picture.Keys.Pixels ? new(CopyKind.Pixels, 0, held.Uid)
        : new(CopyKind.Look, held.Keys.Look!.Value.Distance(picture.Keys.Look!.Value), held.Uid);

    // By nothing but their descriptors.
    private static float? IsLike(PictureOf held, PictureOf picture) => CopyRule.WithoutDescriptors.IsCopy(held, picture) ? null
        : SomePictures.Rule.Likeness!.Match(SomePictures.Rule.RowOf(held.Keys), SomePictures.Rule.RowOf(picture.Keys));
}
