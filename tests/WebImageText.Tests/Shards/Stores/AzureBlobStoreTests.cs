using WebImageText.Shards.Stores;
using WebImageText.Shards.Stores.Blobs;

namespace WebImageText.Tests.Shards.Stores;

public sealed class AzureBlobStoreTests(Azurite azurite) : ShardStoreContract, IAsyncLifetime
{
    private static readonly AzureBlobOptions SmallBlocks = new() { BlockBytes = 10_000, RetryDelay = TimeSpan.FromMilliseconds(10) };

    private AzureBlobStore _store = null!;

    private protected override IShardStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        await azurite.RequireAsync(Stop);
        _store = await azurite.NewStoreAsync("some/prefix", Stop, options: SmallBlocks);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Hash_and_length_are_known_without_reading()
    {
        await WriteAsync("shards/00000.tar", Bytes(123_456));

        var expected = new StoredFile("shards/00000.tar", 123_456, SomePairs.Sha256(Bytes(123_456)));
        Assert.Equal(expected, await Store.FindAsync("shards/00000.tar", Stop));
        Assert.Equal([expected], Store.ListAsync("shards/", Stop).ToBlockingEnumerable(Stop));
    }

    [Theory]
    [InlineData(9_999)]
    [InlineData(10_000)]
    [InlineData(10_001)]
    [InlineData(400_000)]
    public async Task A_file_is_whole_whatever_its_blocks(int length)
    {
        await Store.StageAsync("shards/00000.tar", "t", async (stream, stop) =>
        {
            for (var at = 0; at < length; at += 777)
                await stream.WriteAsync(Bytes(length).AsMemory(at, Math.Min(777, length - at)), stop);
        }, Stop);
        await Store.PublishAsync("shards/00000.tar", "t", stop: Stop);

        Assert.Equal(Bytes(length), await ReadAsync("shards/00000.tar"));
    }

    [Fact]
    public async Task Another_process_publishes_by_name_and_token_alone()
    {
        await StageAsync("shards/00000.tar", "t", Bytes(50_000));

        await Azurite.Open(_store.Location, azurite.Port).PublishAsync("shards/00000.tar", "t", stop: Stop);

        Assert.Equal(Bytes(50_000), await ReadAsync("shards/00000.tar"));
    }

    [Fact]
    public async Task A_file_whose_end_was_never_staged_cannot_be_published()
    {
        using var kill = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.StageAsync("shards/00000.tar", "t", async (stream, stop) =>
        {
            await stream.WriteAsync(Bytes(95_000), stop);
            await kill.CancelAsync();
            await stream.WriteAsync(Bytes(95_000), stop);
        }, kill.Token));

        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.PublishAsync("shards/00000.tar", "t", stop: Stop));
        Assert.Equal([new("shards/00000.tar", "t")], await StagedAsync()); // what a dead writer leaves
        await Store.DiscardAsync("shards/00000.tar", "t", Stop);
        Assert.Empty(await StagedAsync());
    }

    [Fact]
    public async Task A_writer_whose_blocks_were_dropped_by_anothers_publishing_is_told()
    {
        await StageAsync("shards/00000.tar", "one", Bytes(1000));
        await StageAsync("shards/00000.tar", "two", Bytes(2000));
        await Store.PublishAsync("shards/00000.tar", "two", stop: Stop);

        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.PublishAsync("shards/00000.tar", "one", Existing.Replace, Stop));
        Assert.Equal(Bytes(2000), await ReadAsync("shards/00000.tar"));
    }

    [Fact]
    public async Task Two_stores_below_other_prefixes_of_one_container_do_not_see_each_other()
    {
        await WriteAsync("shards/00000.tar", Bytes(10));

        var other = Azurite.Open(_store.Location + "2", azurite.Port);

        Assert.Empty(other.ListAsync("", Stop).ToBlockingEnumerable(Stop));
        Assert.Null(await other.FindAsync("shards/00000.tar", Stop));
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_named()
    {
        var nowhere = Azurite.Open("az://nowhere/x", azurite.Port);

        var missing = await Assert.ThrowsAsync<DirectoryNotFoundException>(() =>
            nowhere.StageAsync("a", "t", (stream, stop) => stream.WriteAsync(Bytes(1), stop).AsTask(), Stop));

        Assert.Contains("'nowhere'", missing.Message, StringComparison.Ordinal);
    }
}
