using System.Collections.Immutable;
using System.Security.Cryptography;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;
using WebImageText.Shards.Verify;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Pipeline;

public sealed class DataSetFilesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly FolderStore _store;

    public DataSetFilesTests() => _store = new(_folder.Path);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shards_that_lost_pairs_keep_their_line_when_the_run_writes_its_ledger_again()
    {
        await SomeDataSet.WriteAsync(_store, 3, 6, Stop);
        var decided = await new DataSetManifest(_store).ReadLedgerAsync(Stop);
        await new Takedowns(_store, _key, TimeProvider.System).RunAsync(TakedownList.Parse([$"uid {SomePairs.Pair(7).Uid}"]), stop: Stop);

        await new DataSetFiles(_store).WriteAsync([.. decided.Select(Summary)], Stop);

        Assert.Equal(5, (await ShardSizes.ReadAsync(_store, Stop))!["00001"]);
        var report = await new ShardVerifier(_store).RunAsync(stop: Stop);
        Assert.True(report.IsClean, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task A_shard_that_a_takedown_rewrote_before_it_was_noted_as_visible_counts_as_visible()
    {
        await SomeDataSet.WriteAsync(_store, 2, 6, Stop);
        await new Takedowns(_store, _key, TimeProvider.System).RunAsync(TakedownList.Parse([$"uid {SomePairs.Pair(7).Uid}"]), stop: Stop);
        var writer = new ShardWriter(_store, new(6));
        foreach (var shard in new[] { 0, 1 })
            await writer.StageAsync(shard, "other", SomePairs.Pairs(6, 100), SomePairs.Times, Stop);
        var files = new CommitFiles(_store, new(6));

        await files.PublishAsync(1, null, "other");

        await Assert.ThrowsAsync<AlreadyPublishedException>(() => files.PublishAsync(0, null, "other"));
    }

    [Fact]
    public async Task While_a_takedown_is_cut_off_no_run_goes_on()
    {
        await _store.WriteAllAsync("manifest/takedown.json", "t", "{}"u8.ToArray(), Stop);
        var settings = new PipelineSettings { Queries = [], Out = _folder.Path, State = _folder.File("state"), Fetch = new() };

        await Assert.ThrowsAsync<TakedownCutOffException>(() => new DataSetFiles(_store).OpenAsync(settings, 0, [], TimeProvider.System, Stop));
    }

    [Fact]
    public async Task What_killed_writers_left_staged_is_discarded_and_a_takedowns_files_stay()
    {
        await SomeDataSet.WriteAsync(_store, 1, 6, Stop);
        await new ShardWriter(_store, new(6)).StageAsync(7, "node-12", SomePairs.Pairs(2, 100), SomePairs.Times, Stop);
        await _store.StageAsync("shards/00000.tar", "takedown-1", (_, _) => Task.CompletedTask, Stop);

        await new DataSetFiles(_store).DiscardLeftoversAsync(Stop);

        Assert.Equal([new StagedFile("shards/00000.tar", "takedown-1")], _store.ListStagedAsync(Stop).ToBlockingEnumerable(Stop));
    }

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    private static CommitSummary Summary(LedgerLine line, int shard) => new(
        line.Shard, "run", (int)line.Count, ImmutableSortedDictionary<DropReason, int>.Empty, SomePairs.Start, shard, null, line);
}
