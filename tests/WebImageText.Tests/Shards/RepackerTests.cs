using CsCheck;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Repack;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Select;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Verify;

namespace WebImageText.Tests.Shards;

public sealed class RepackerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly FolderStore _from;
    private readonly FolderStore _to;

    public RepackerTests() => (_from, _to) = (new(_folder.File("from")), new(_folder.File("to")));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Shards_have_the_exact_size_and_hold_the_same_pairs_in_their_order()
    {
        await SomeDataSet.WriteAsync(_from, 5, 7, Stop, shardSize: 10);

        var report = await RepackAsync(new() { ShardSize = 10 });

        Assert.Equal(new(35, 4, 35), report);
        Assert.Equal([10, 10, 10, 5], (await ShardSizes.ReadAsync(_to, Stop))!.OrderBy(size => size.Key).Select(size => size.Value));
        Assert.Equal(Uids(_from), Uids(_to));
        await ExpectCleanAsync();
    }

    [Fact]
    public async Task A_shuffle_moves_pairs_across_all_shards_and_is_the_same_for_the_same_seed()
    {
        await SomeDataSet.WriteAsync(_from, 5, 40, Stop);

        await RepackAsync(new() { ShardSize = 30, Seed = 7, Scratch = _folder.Path });
        await new Repacker(_from, new FolderStore(_folder.File("again")), new() { ShardSize = 30, Seed = 7, Scratch = _folder.Path }).RunAsync(stop: Stop);
        await new Repacker(_from, new FolderStore(_folder.File("other")), new() { ShardSize = 30, Seed = 8, Scratch = _folder.Path }).RunAsync(stop: Stop);

        Assert.Equal(Uids(_from).Order(), Uids(_to).Order());
        Assert.Equal(Hashes("to"), Hashes("again"));
        Assert.NotEqual(Uids(_to), Uids(new FolderStore(_folder.File("other"))));
        var sources = Rows(_to).Take(30).Select(row => Array.IndexOf(Uids(_from), row.Uid!) / 40).Distinct().Count();
        Assert.Equal(5, sources); // the first new shard has pairs of every old one
        Assert.Empty(Directory.GetDirectories(_folder.Path, "wit-repack-*"));
        await ExpectCleanAsync();
    }

    [Fact]
    public async Task A_part_is_selected_by_query_uids_and_condition()
    {
        await SomeDataSet.WriteAsync(_from, 2, 40, Stop);
        var uids = Enumerable.Range(0, 50).Select(number => SomePairs.Pair(number).Uid.ToString());

        var report = await RepackAsync(new() { Select = new(["query 3", "query 4"], uids, RowFilter.Parse("license IS NOT NULL")) });

        var expected = Enumerable.Range(0, 50).Where(number => number % 7 is 3 or 4 && number % 5 == 0).Select(number => SomePairs.Pair(number).Uid.ToString()).ToArray();
        Assert.Equal((expected.Length, 80), (report.Pairs, report.Of));
        Assert.Equal(expected, Uids(_to));
        await ExpectCleanAsync();
    }

    [Fact]
    public async Task A_number_of_pairs_with_a_seed_is_a_random_sample()
    {
        await SomeDataSet.WriteAsync(_from, 4, 50, Stop);

        await RepackAsync(new() { Seed = 1, MostPairs = 40 });

        var places = Uids(_to).Select(uid => Array.IndexOf(Uids(_from), uid)).ToArray();
        Assert.Equal(40, places.Distinct().Count());
        Assert.All(Enumerable.Range(0, 4), shard => Assert.InRange(places.Count(place => place / 50 == shard), 3, 20));
        await ExpectCleanAsync();
    }

    [Fact]
    public async Task What_was_cut_off_ends_the_same_and_another_data_set_is_left_alone()
    {
        await SomeDataSet.WriteAsync(_from, 3, 20, Stop);
        using var cut = new CancellationTokenSource();
        var options = new RepackOptions { ShardSize = 15, Seed = 3 };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Repacker(_from, _to, options).RunAsync(new Cut(cut), cut.Token));

        await RepackAsync(options);

        await ExpectCleanAsync();
        Assert.Equal(60, Uids(_to).Distinct().Count());
        await Assert.ThrowsAsync<InvalidOperationException>(() => RepackAsync(options with { Seed = 4 }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Repacker(_to, _from, options).RunAsync(stop: Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => RepackAsync(options with { Select = new(["no such query"], null, null) }));
    }

    [Fact]
    public void A_shuffle_sends_every_number_to_a_place_of_its_own() => Gen.Select(Gen.Int[1, 3_000], Gen.ULong).Sample((count, seed) =>
    {
        var shuffle = new Shuffle(count, seed);
        return Enumerable.Range(0, count).Select(number => shuffle.PlaceOf(number)).Order().SequenceEqual(Enumerable.Range(0, count).Select(number => (long)number));
    }, iter: 200);

    [Fact]
    public void A_shuffle_is_the_same_everywhere_and_leaves_no_order()
    {
        // The right answer is that of a second implementation, in Python.
        Assert.Equal([2, 7, 4, 0, 8, 3, 6, 9, 5, 1], Enumerable.Range(0, 10).Select(number => (int)new Shuffle(10, 42).PlaceOf(number)));

        var shuffle = new Shuffle(10_000, 5);
        var (stay, ascend) = (0, 0);
        for (var number = 1; number < 10_000; number++)
        {
            stay += shuffle.PlaceOf(number) == number ? 1 : 0;
            ascend += shuffle.PlaceOf(number) > shuffle.PlaceOf(number - 1) ? 1 : 0;
        }
        Assert.InRange(stay, 0, 8);
        Assert.InRange(ascend, 4_800, 5_200);
    }

    private Task<RepackReport> RepackAsync(RepackOptions options) => new Repacker(_from, _to, options).RunAsync(stop: Stop);

    private static List<PairRow> Rows(IShardStore store)
    {
        var reader = new ShardReader(store);
        return [.. reader.ShardsAsync(Stop).ToBlockingEnumerable(Stop).SelectMany(stem => reader.RowsAsync(stem, null, Stop).ToBlockingEnumerable(Stop))];
    }

    private static string[] Uids(IShardStore store) => [.. Rows(store).Select(row => row.Uid!)];

    private Dictionary<string, string> Hashes(string set) => Directory.EnumerateFiles(_folder.File(set), "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(_folder.File(set), path), path => SomePairs.Sha256(File.ReadAllBytes(path)));

    private async Task ExpectCleanAsync()
    {
        var report = await new ShardVerifier(_to).RunAsync(stop: Stop);
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    private sealed class Cut(CancellationTokenSource stop) : IProgress<RepackProgress>
    {
        public void Report(RepackProgress value)
        {
            if (value is { Step: "written", Shards: 2 })
                stop.Cancel();
        }
    }
}
