using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards.Stores;

public sealed class FolderStoreTests : ShardStoreContract, IDisposable
{
    private readonly TempFolder _folder = new();

    private protected override IShardStore Store => new FolderStore(_folder.File("data"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_temporary_name_matches_no_pattern_that_readers_use()
    {
        await StageAsync("shards/00000.tar", "token", Bytes(10));
        await StageAsync("shards/00000.parquet", "token", Bytes(10));
        await StageAsync("shards/00000_stats.json", "token", Bytes(10));

        foreach (var pattern in new[] { "*.tar", "*.parquet", "*.json", "*_stats.json", "00000*" })
            Assert.Empty(Directory.GetFiles(_folder.File("data/shards"), pattern));
        Assert.Equal(
            [".00000.parquet.token.tmp", ".00000.tar.token.tmp", ".00000_stats.json.token.tmp"],
            Directory.GetFiles(_folder.File("data/shards")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_move_that_was_killed_between_its_two_halves_is_finished()
    {
        await StageAsync("shards/00000.tar", "a", Bytes(10));
        File.Copy(_folder.File("data/shards/.00000.tar.a.tmp"), _folder.File("data/shards/00000.tar"));

        await Store.PublishAsync("shards/00000.tar", "a", Existing.Refuse, Stop);

        Assert.Equal(Bytes(10), await ReadAsync("shards/00000.tar"));
        Assert.Empty(await StagedAsync());
    }

    [Fact]
    public async Task Files_of_others_in_the_folder_are_neither_listed_nor_in_the_way()
    {
        await WriteAsync("shards/00000.tar", Bytes(10));
        File.WriteAllText(_folder.File("data/shards/.DS_Store"), "");
        File.WriteAllText(_folder.File("data/shards/editor~ file.tmp"), "");
        File.WriteAllText(_folder.File("data/shards/.00000.tar.swp"), "");

        Assert.Equal(["shards/00000.tar"], await PublishedAsync());
        Assert.Empty(await StagedAsync());
    }

    [Fact]
    public async Task A_reader_keeps_the_file_it_opened_while_another_replaces_it()
    {
        await WriteAsync("shards/00000.tar", Bytes(100));
        await using var open = await Store.OpenReadAsync("shards/00000.tar", stop: Stop);

        await WriteAsync("shards/00000.tar", Bytes(10));

        var read = new byte[100];
        await open.ReadExactlyAsync(read, Stop);
        Assert.Equal(Bytes(100), read);
    }

    [Fact]
    public void A_folder_that_is_not_there_lists_nothing() =>
        Assert.Empty(new FolderStore(_folder.File("nowhere")).ListAsync("").ToBlockingEnumerable(Stop));
}
