using Akka.Actor;
using Microsoft.Data.Sqlite;
using WebImageText.Pipeline.Copies;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Pipeline.Copies;

public sealed class CopyRangeTests : IAsyncDisposable
{
    private readonly CopyNodes _nodes = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_two_copies_that_two_nodes_bring_at_one_moment_exactly_one_is_kept()
    {
        await _nodes.JoinAsync();
        await _nodes.JoinAsync();
        var dice = new Random(1);
        var couples = Enumerable.Range(0, 150).Select(number => Couple(number, dice)).ToList();

        var answers = await Task.WhenAll(couples.Select(async couple =>
            await Task.WhenAll(_nodes.LookAsync(number(couple.A), couple.A), _nodes.LookAsync(1 - number(couple.A), couple.B))));

        for (var couple = 0; couple < couples.Count; couple++)
        {
            var dropped = Assert.Single(answers[couple], drop => drop is not null)!;
            var kept = answers[couple][0] is null ? couples[couple].A : couples[couple].B;
            Assert.EndsWith($" {kept.Uid}", dropped.Detail, StringComparison.Ordinal);
            // Asked again, and elsewhere, they are told the same.
            Assert.Equal(answers[couple][0], await _nodes.LookAsync(1, couples[couple].A));
            Assert.Equal(answers[couple][1], await _nodes.LookAsync(0, couples[couple].B));
        }

        static int number(PictureOf picture) => (int)(picture.Uid.Value % 2);
    }

    [Fact]
    public async Task A_commit_confirms_what_a_range_forgot_that_went_to_another_node()
    {
        await _nodes.JoinAsync();
        await _nodes.JoinAsync();
        var pictures = Enumerable.Range(0, CopyTable.Ranges).Select(home => SomePictures.Of(100 + home, home, home, home, null)).ToArray();
        foreach (var picture in pictures)
            Assert.Null(await _nodes.LookAsync(1, picture));
        Assert.Empty(await _nodes.ConfirmAsync(1, "first", pictures[..8]));

        await _nodes.LeaveAsync();

        // Whoever was held by a range that moved, and in no commit, gives way to a copy that came meanwhile, or keeps its place: one of two.
        foreach (var picture in pictures)
        {
            var copy = Copy(picture);
            var answer = await _nodes.LookAsync(0, copy);
            var late = await _nodes.ConfirmAsync(0, "second", picture);
            Assert.Equal(answer is null, late.Count == 1);
            if (pictures.AsSpan(0, 8).Contains(picture))
                Assert.Equal($"same bytes as {picture.Uid}", answer!.Detail);
        }
    }

    [Fact]
    public async Task A_node_that_dies_between_a_look_and_its_commit_keeps_nobody_waiting()
    {
        await _nodes.JoinAsync();
        await _nodes.JoinAsync();
        var dice = new Random(2);
        var couples = Enumerable.Range(0, 40).Select(number => Couple(number, dice)).ToList();
        foreach (var (a, _) in couples)
            _nodes.Look(1, a);

        await _nodes.DieAsync();

        var answers = await Task.WhenAll(couples.Select(couple => _nodes.LookAsync(0, couple.B)));
        // The work of the dead node is done again: the same pictures, for the same pairs.
        for (var couple = 0; couple < couples.Count; couple++)
        {
            var again = await _nodes.LookAsync(0, couples[couple].A);
            Assert.True(again is null != answers[couple] is null, $"{again} and {answers[couple]}");
        }
    }

    [Fact]
    public async Task What_is_confirmed_stays_when_all_nodes_die()
    {
        await _nodes.JoinAsync();
        var pictures = Enumerable.Range(0, 64).Select(number => SomePictures.Of(100 + number, number, number % 16, number, null)).ToArray();
        Assert.Empty(await _nodes.ConfirmAsync(0, "first", pictures));

        await _nodes.DieAllAsync();
        await _nodes.JoinAsync();

        Assert.All(await Task.WhenAll(pictures.Select(picture => _nodes.LookAsync(0, Copy(picture)))), Assert.NotNull);
        Assert.All(await Task.WhenAll(pictures.Select(picture => _nodes.LookAsync(0, picture))), Assert.Null);
    }

    // As its journal was written when the index was one: range 0 has its name, and holds what is at home elsewhere.
    [Fact]
    public async Task What_one_index_of_all_pictures_confirmed_is_honoured()
    {
        await _nodes.JoinAsync();
        var pictures = Enumerable.Range(0, 32).Select(number => SomePictures.Of(100 + number, number, number % 16, number, 64 * (number % 5))).DistinctBy(picture => picture.Keys.Look).ToArray();
        Assert.Empty(await _nodes.ConfirmIn0Async("old", pictures));

        await _nodes.DieAllAsync();
        await _nodes.JoinAsync();

        foreach (var picture in pictures)
        {
            Assert.Equal($"same bytes as {picture.Uid}", (await _nodes.LookAsync(0, Copy(picture)))!.Detail);
            Assert.Equal($"same pixels as {picture.Uid}", (await _nodes.LookAsync(0, new(new(7), picture.Keys with { Bytes = 1000 })))!.Detail);
            Assert.Equal($"0 of 256 bits from {picture.Uid}", (await _nodes.LookAsync(0, new(new(8), new(1001, 1002, picture.Keys.Look))))!.Detail);
            Assert.Null(await _nodes.LookAsync(0, picture));
        }
    }

    [Fact]
    public async Task What_is_published_is_read_from_the_shards_and_its_events_go()
    {
        await SomeDataSet.WriteAsync(_nodes.Store, 2, 40, Stop);
        var pictures = Enumerable.Range(0, 80).Select(number => SomePairs.Pair(number)).Select(pair => new PictureOf(pair.Uid, PictureKeys.Of(pair.Picture))).ToArray();
        await _nodes.JoinAsync();
        Assert.Empty(await _nodes.ConfirmAsync(0, "first", pictures));
        Assert.NotEqual(0, EventsWithPictures());
        _nodes.Published(0, "first");
        for (var tries = 0; tries < 200 && EventsWithPictures() > 0; tries++)
            await Task.Delay(50, Stop);
        Assert.Equal(0, EventsWithPictures());

        await _nodes.DieAllAsync();
        await _nodes.JoinAsync();

        foreach (var picture in pictures)
        {
            Assert.NotNull(await _nodes.LookAsync(0, Copy(picture)));
            Assert.Null(await _nodes.LookAsync(0, picture));
        }
    }

    [Fact]
    public async Task What_is_like_a_picture_of_a_shard_or_of_a_commit_is_found_again_when_all_nodes_die()
    {
        static Pair Pair(int number) => SomePairs.Pair(number) is var pair && number % 2 == 0 ? pair : pair with { Picture = pair.Picture with { Descriptor = SomePictures.Descriptor(30 * number) } };
        await SomeDataSet.WriteAsync(_nodes.Store, 1, 6, Stop, pair: Pair);
        await _nodes.JoinAsync();
        var confirmed = SomePictures.Of(1000, 1000, 1, 1000, 0, 180);
        Assert.Empty(await _nodes.ConfirmAsync(0, "first", confirmed));

        await _nodes.DieAllAsync();
        await _nodes.JoinAsync();

        PictureOf At(int degrees) => SomePictures.Of(2000 + degrees, 2000 + degrees, 9, 2000 + degrees, 256, degrees);
        Assert.EndsWith($" like {Pair(1).Uid}", (await _nodes.LookAsync(0, At(32)))!.Detail, StringComparison.Ordinal);
        Assert.EndsWith($" like {Pair(3).Uid}", (await _nodes.LookAsync(0, At(88)))!.Detail, StringComparison.Ordinal);
        Assert.EndsWith($" like {confirmed.Uid}", (await _nodes.LookAsync(0, At(181)))!.Detail, StringComparison.Ordinal);
        Assert.Null(await _nodes.LookAsync(0, At(120)));
    }

    [Fact]
    public async Task A_range_that_lives_on_where_the_cluster_went_on_without_it_confirms_nothing()
    {
        await _nodes.JoinAsync();
        Assert.Null(await _nodes.LookAsync(0, SomePictures.Of(1, 1, 1, 1, null)));
        await _nodes.JoinAsync(apart: true);
        Assert.Null(await _nodes.LookAsync(1, SomePictures.Of(2, 2, 2, 2, null)));

        await Assert.ThrowsAsync<AskTimeoutException>(() => _nodes.ConfirmOnceAsync(0, "late", SomePictures.Of(1, 1, 1, 1, null), TimeSpan.FromSeconds(3)));
        Assert.Equal(0, EventsWithPictures());
    }

    private long EventsWithPictures()
    {
        using var journal = new SqliteConnection($"Data Source={_nodes.Journal};Pooling=False");
        journal.Open();
        using var count = journal.CreateCommand();
        count.CommandText = "select count(*) from journal where persistence_id like 'copies%' and deleted = 0 and instr(cast(message as text), 'Uid') > 0";
        return (long)count.ExecuteScalar()!;
    }

    // Two pictures of different ranges that look alike, or have the same bytes or like descriptors, and are like no other couple's.
    private static (PictureOf A, PictureOf B) Couple(int number, Random dice)
    {
        var (a, b) = (dice.Next(CopyTable.Ranges), dice.Next(CopyTable.Ranges));
        var words = Enumerable.Range(0, 4).Select(_ => (ulong)dice.NextInt64()).ToArray();
        var look = new PdqHash(words[0], words[1], words[2], words[3]);
        var near = number % 3 == 0 ? (PdqHash?)null : look with { W0 = look.W0 ^ 0xFFFFF };
        if (number % 3 == 1 && number < 40)
            near = new(~look.W0, ~look.W1, look.W2, look.W3);
        var (first, second) = (SomePictures.Of(2 * number + 1000, 2 * number, a, 2 * number, null), SomePictures.Of(2 * number + 1001, 2 * number + 1, b, 2 * number + 1, null));
        if (number % 3 == 1 && number < 40)
            (first, second) = (Like(first, 27 * (number / 3)), Like(second, 27 * (number / 3) + 2));
        return dice.Next(2) == 0 ? (With(first, look), With(second, near, first)) : (With(second, near, first), With(first, look));
    }

    private static PictureOf Like(PictureOf picture, int degrees) => picture with { Keys = picture.Keys with { Descriptor = new(SomePictures.Descriptor(degrees)) } };

    private static PictureOf With(PictureOf picture, PdqHash? look, PictureOf? sameBytes = null) =>
        picture with { Keys = picture.Keys with { Look = look, Bytes = look is null && sameBytes is { } other ? other.Keys.Bytes : picture.Keys.Bytes } };

    // The same bytes for another pair, at home elsewhere: its pixels came from another decoder.
    private static PictureOf Copy(PictureOf picture) =>
        new(new(picture.Uid.Value + 100_000), picture.Keys with { Pixels = picture.Keys.Pixels ^ ((UInt128)5 << 124), Look = null });

    public ValueTask DisposeAsync() => _nodes.DisposeAsync();
}
