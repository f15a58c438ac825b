using System.Security.Cryptography;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;
using WebImageText.Shards.Verify;
using WebImageText.Tests.Shards.Stores;

namespace WebImageText.Tests.Shards;

public sealed class TakedownsTests(Azurite azurite) : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private FolderStore? _opened;

    private FolderStore Store => _opened ??= new(_folder.Path);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_named_is_gone_and_the_rest_keeps_every_byte()
    {
        await SomeDataSet.WriteAsync(Store, 5, 20, Stop);
        var before = Files();
        var (first, last) = (SomePairs.Pair(21), SomePairs.Pair(39)); // both in shard 00001

        var report = await Takedowns().RunAsync(TakedownList.Parse([$"uid {first.Uid}", $"address {last.Candidate.Image.Href}"]), "case 7", stop: Stop);

        Assert.Equal((2, 1, 5), (report.Pairs, report.Shards, report.Searched));
        Assert.Equal(18, (await ShardSizes.ReadAsync(Store, Stop))!["00001"]);
        Assert.All(before.Where(file => file.Key.StartsWith("shards/", StringComparison.Ordinal) && !file.Key.Contains("00001") && !file.Key.EndsWith("sizes.json", StringComparison.Ordinal)),
            file => Assert.Equal(file.Value, Files()[file.Key]));
        Assert.DoesNotContain(Rows("00001"), row => row.Uid == first.Uid.ToString() || row.Uid == last.Uid.ToString());
        Assert.Equal(2, (await new DataSetManifest(Store).ReadTombstonesAsync(Stop)).Count);
        Assert.Contains($"address {first.Candidate.Image.Canonical}", await NeverFetch.ReadAsync(Store, Stop));
        await ExpectCleanAsync();
    }

    [Theory]
    [InlineData("host b.example")]
    [InlineData("sha256")]
    [InlineData("pdq")]
    public async Task Host_file_and_look_name_their_pairs(string entry)
    {
        await SomeDataSet.WriteAsync(Store, 2, 9, Stop);
        var picture = SomePairs.Pair(4).Picture;
        entry = entry switch { "sha256" => $"sha256 {picture.StoredSha256}", "pdq" => $"pdq {picture.Pdq} 8", _ => entry };

        var report = await Takedowns().RunAsync(TakedownList.Parse([entry]), stop: Stop);

        Assert.Equal(entry.StartsWith("host", StringComparison.Ordinal) ? 6 : 1, report.Pairs);
        Assert.Contains(entry, await NeverFetch.ReadAsync(Store, Stop));
        await ExpectCleanAsync();
    }

    [Fact]
    public async Task Killed_before_any_change_of_a_file_it_ends_the_same()
    {
        await SomeDataSet.WriteAsync(Store, 2, 4, Stop);
        var list = TakedownList.Parse([.. Enumerable.Range(0, 2).Select(shard => $"uid {SomePairs.Pair((shard * 4) + 1).Uid}")]);
        for (var killAt = 0; ; killAt++)
        {
            using var folder = new TempFolder();
            var store = new FolderStore(folder.Path);
            foreach (var name in Files().Keys)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(folder.File(name))!);
                File.Copy(_folder.File(name), folder.File(name));
            }
            var killed = false;
            try
            {
                await new Takedowns(new DyingStore(store, killAt), _key, TimeProvider.System) { Parallel = 1 }.RunAsync(list, stop: Stop);
            }
            catch (TimeoutException)
            {
                killed = true;
            }
            if (!killed)
            {
                Assert.True(killAt > 20);
                return;
            }
            var again = new Takedowns(store, _key, TimeProvider.System);
            if (await again.ResumeAsync(stop: Stop) is null && (await new DataSetManifest(store).ReadTombstonesAsync(Stop)).Count == 0)
                await again.RunAsync(list, stop: Stop); // died before the plan was there
            var report = await new ShardVerifier(store).RunAsync(stop: Stop);
            Assert.True(report.IsClean, $"killed at {killAt}: {string.Join('\n', report.Findings)}");
            Assert.Equal(6, report.Samples);
        }
    }

    [Fact]
    public async Task In_Azure_it_does_the_same()
    {
        await azurite.RequireAsync(Stop);
        var store = await azurite.NewStoreAsync("some/set", Stop);
        await SomeDataSet.WriteAsync(store, 3, 10, Stop);
        var before = store.ListAsync("", Stop).ToBlockingEnumerable(Stop).ToDictionary(file => file.Name);
        var takedowns = new Takedowns(store, _key, TimeProvider.System);

        await Assert.ThrowsAsync<TimeoutException>(() => new Takedowns(new DyingStore(store, 9), _key, TimeProvider.System) { Parallel = 1 }
            .RunAsync(TakedownList.Parse([$"uid {SomePairs.Pair(12).Uid}", $"uid {SomePairs.Pair(21).Uid}"]), stop: Stop));
        var report = await takedowns.ResumeAsync(stop: Stop);

        Assert.Equal(2, report!.Pairs);
        Assert.Equal(before["shards/00000.tar"], await store.FindAsync("shards/00000.tar", Stop));
        Assert.NotEqual(before["shards/00001.tar"].Sha256, (await store.FindAsync("shards/00001.tar", Stop))!.Sha256);
        var verified = await new ShardVerifier(store).RunAsync(stop: Stop);
        Assert.True(verified.IsClean, string.Join('\n', verified.Findings));
        Assert.Equal(28, verified.Samples);
    }

    [Fact]
    public async Task The_diff_is_signed()
    {
        await SomeDataSet.WriteAsync(Store, 1, 5, Stop);

        var report = await Takedowns().RunAsync(TakedownList.Parse([SomePairs.Pair(2).Uid.ToString()]), stop: Stop);

        var json = File.ReadAllBytes(_folder.File(report.Diff!));
        var signature = File.ReadAllBytes(_folder.File(report.Diff!.Replace(".json", ".sig", StringComparison.Ordinal)));
        Assert.True(TakedownDiff.IsSigned(json, signature, _key));
        Assert.Equal(SomePairs.Pair(2).Uid.ToString(), Assert.Single(TakedownDiff.Parse(json, "diff").Removed).Uid);
        json[^5] ^= 1;
        Assert.False(TakedownDiff.IsSigned(json, signature, _key));
    }

    [Fact]
    public async Task While_a_runs_shard_is_staged_it_refuses()
    {
        await SomeDataSet.WriteAsync(Store, 1, 5, Stop);
        await new ShardWriter(Store, new(5)).StageAsync(7, "run", SomePairs.Pairs(2, 100), SomePairs.Times, Stop);

        await Assert.ThrowsAsync<InvalidOperationException>(() => Takedowns().RunAsync(TakedownList.Parse(["host a.example"]), stop: Stop));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("host a/b")]
    [InlineData("sha256 12")]
    [InlineData("address ftp://a.example/")]
    [InlineData("uid 12")]
    public void What_is_no_entry_is_refused(string line) => Assert.Throws<FormatException>(() => TakedownList.Parse([line]));

    private Takedowns Takedowns() => new(Store, _key, TimeProvider.System);

    private List<PairRow> Rows(string stem) => [.. new ShardReader(Store).RowsAsync(stem, null, Stop).ToBlockingEnumerable(Stop)];

    private async Task ExpectCleanAsync()
    {
        var report = await new ShardVerifier(Store).RunAsync(stop: Stop);
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    private Dictionary<string, string> Files() => Store.ListAsync("", Stop).ToBlockingEnumerable(Stop)
        .ToDictionary(file => file.Name, file => SomePairs.Sha256(File.ReadAllBytes(_folder.File(file.Name))));

    /// <summary>Dies before a change of a file, like a process that is killed there.</summary>
    private sealed class DyingStore(IShardStore inner, int changes) : IShardStore
    {
        private int _left = changes;

        public string Location => inner.Location;

        public Task<StoredFile> StageAsync(string name, string token, Func<Stream, CancellationToken, Task> write, CancellationToken stop = default)
        {
            Step();
            return inner.StageAsync(name, token, write, stop);
        }

        public Task PublishAsync(string name, string token, Existing existing = Existing.Replace, CancellationToken stop = default)
        {
            Step();
            return inner.PublishAsync(name, token, existing, stop);
        }

        public Task DeleteAsync(string name, CancellationToken stop = default)
        {
            Step();
            return inner.DeleteAsync(name, stop);
        }

        public Task DiscardAsync(string name, string token, CancellationToken stop = default) => inner.DiscardAsync(name, token, stop);
        public IAsyncEnumerable<StoredFile> ListAsync(string prefix, CancellationToken stop = default) => inner.ListAsync(prefix, stop);
        public IAsyncEnumerable<StagedFile> ListStagedAsync(CancellationToken stop = default) => inner.ListStagedAsync(stop);
        public Task<Stream> OpenReadAsync(string name, long offset = 0, long? length = null, CancellationToken stop = default) => inner.OpenReadAsync(name, offset, length, stop);
        public Task<StoredFile?> FindAsync(string name, CancellationToken stop = default) => inner.FindAsync(name, stop);

        private void Step()
        {
            if (_left-- <= 0)
                throw new TimeoutException("killed");
        }
    }
}
