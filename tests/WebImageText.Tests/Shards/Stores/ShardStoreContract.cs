using System.Security.Cryptography;
using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards.Stores;

/// <summary>What every store promises; each store's own test class derives from this.</summary>
public abstract class ShardStoreContract
{
    private protected abstract IShardStore Store { get; }

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_staged_file_is_not_to_be_seen_until_it_is_published()
    {
        var content = Bytes(300_000);

        var staged = await StageAsync("shards/00000.tar", "a", content);
        Assert.Equal(new("shards/00000.tar", content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), staged);
        Assert.Null(await Store.FindAsync("shards/00000.tar", Stop));
        Assert.Empty(await PublishedAsync());
        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.OpenReadAsync("shards/00000.tar", stop: Stop));

        await Store.PublishAsync("shards/00000.tar", "a", stop: Stop);
        Assert.Equal(content, await ReadAsync("shards/00000.tar"));
        Assert.Equal(["shards/00000.tar"], await PublishedAsync());
        Assert.Equal(content.Length, (await Store.FindAsync("shards/00000.tar", Stop))!.Length);
    }

    [Fact]
    public async Task Publishing_twice_is_the_same_as_once()
    {
        await StageAsync("shards/00001.tar", "a", Bytes(1000));

        await Store.PublishAsync("shards/00001.tar", "a", Existing.Refuse, Stop);
        await Store.PublishAsync("shards/00001.tar", "a", Existing.Refuse, Stop);

        Assert.Equal(Bytes(1000), await ReadAsync("shards/00001.tar"));
    }

    [Fact]
    public async Task Publishing_replaces_what_stands_there()
    {
        await WriteAsync("shards/00002.tar", Bytes(1000));

        await WriteAsync("shards/00002.tar", Bytes(10));

        Assert.Equal(Bytes(10), await ReadAsync("shards/00002.tar"));
        Assert.Equal(["shards/00002.tar"], await PublishedAsync());
    }

    [Fact]
    public async Task Two_writers_of_one_name_do_not_mix_and_only_one_wins_where_replacing_is_refused()
    {
        await StageAsync("shards/00003.tar", "one", Bytes(1000));
        await StageAsync("shards/00003.tar", "two", Bytes(2000));

        await Store.PublishAsync("shards/00003.tar", "two", Existing.Refuse, Stop);
        var lost = await Record.ExceptionAsync(() => Store.PublishAsync("shards/00003.tar", "one", Existing.Refuse, Stop));

        Assert.IsType<AlreadyPublishedException>(lost);
        Assert.Equal(Bytes(2000), await ReadAsync("shards/00003.tar"));
    }

    [Fact]
    public async Task Staging_again_under_the_same_token_replaces_the_first_try()
    {
        await StageAsync("shards/00004.tar", "a", Bytes(3000));
        await StageAsync("shards/00004.tar", "a", Bytes(20));

        await Store.PublishAsync("shards/00004.tar", "a", stop: Stop);

        Assert.Equal(Bytes(20), await ReadAsync("shards/00004.tar"));
    }

    [Fact]
    public async Task A_write_that_fails_stages_nothing()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Store.StageAsync("shards/00005.tar", "a", async (stream, stop) =>
        {
            await stream.WriteAsync(Bytes(100_000), stop);
            throw new InvalidDataException("the pair is bad");
        }, Stop));

        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.PublishAsync("shards/00005.tar", "a", stop: Stop));
        Assert.Empty(await StagedAsync());
    }

    [Fact]
    public async Task A_discarded_file_cannot_be_published()
    {
        await StageAsync("shards/00006.tar", "a", Bytes(100));

        await Store.DiscardAsync("shards/00006.tar", "a", Stop);
        await Store.DiscardAsync("shards/00006.tar", "a", Stop);

        await Assert.ThrowsAsync<FileNotFoundException>(() => Store.PublishAsync("shards/00006.tar", "a", stop: Stop));
        Assert.Empty(await StagedAsync());
    }

    [Fact]
    public async Task What_is_staged_is_listed_with_its_token_and_what_is_published_is_not()
    {
        await StageAsync("shards/00007.tar", "left-over", Bytes(100));
        await WriteAsync("shards/00008.tar", Bytes(100));

        Assert.Equal([new("shards/00007.tar", "left-over")], await StagedAsync());
    }

    [Fact]
    public async Task Listing_is_by_prefix_and_in_order()
    {
        string[] names = ["shards/00010.tar", "shards/00009_stats.json", "shards/00009.tar", "manifest/ledger.jsonl", "sizes.txt"];
        foreach (var name in names)
            await WriteAsync(name, Bytes(name.Length));

        Assert.Equal(["shards/00009.tar", "shards/00009_stats.json", "shards/00010.tar"], await PublishedAsync("shards/"));
        Assert.Equal(["shards/00009.tar", "shards/00009_stats.json"], await PublishedAsync("shards/00009"));
        Assert.Equal(names.Order(StringComparer.Ordinal), await PublishedAsync());
        Assert.Empty(await PublishedAsync("rejected/"));
    }

    [Fact]
    public async Task A_range_is_read_alone()
    {
        var content = Bytes(100_000);
        await WriteAsync("shards/00011.tar", content);

        Assert.Equal(content[5000..9000], await ReadAsync("shards/00011.tar", 5000, 4000));
        Assert.Equal(content[99_000..], await ReadAsync("shards/00011.tar", 99_000));
        Assert.Equal(content[99_990..], await ReadAsync("shards/00011.tar", 99_990, 4000));
        Assert.Empty(await ReadAsync("shards/00011.tar", 100_000));
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_deleting_it_again_is_no_error()
    {
        await WriteAsync("shards/00012.tar", Bytes(10));

        await Store.DeleteAsync("shards/00012.tar", Stop);
        await Store.DeleteAsync("shards/00012.tar", Stop);

        Assert.Null(await Store.FindAsync("shards/00012.tar", Stop));
        Assert.Empty(await PublishedAsync());
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        await WriteAsync("manifest/tombstones.jsonl", []);

        Assert.Equal(0, (await Store.FindAsync("manifest/tombstones.jsonl", Stop))!.Length);
        Assert.Empty(await ReadAsync("manifest/tombstones.jsonl"));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("shards/../../outside")]
    [InlineData("/etc/passwd")]
    [InlineData("shards//00000.tar")]
    [InlineData("shards/")]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("shards/.hidden")]
    [InlineData("shards\\00000.tar")]
    [InlineData("shards/00000.tar.tmp")]
    [InlineData("shards/a b.tar")]
    [InlineData("shards/é.tar")]
    [InlineData("shards/a\0.tar")]
    public async Task A_name_that_could_lead_elsewhere_is_refused(string name)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => StageAsync(name, "a", Bytes(1)));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.PublishAsync(name, "a", stop: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.OpenReadAsync(name, stop: Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.FindAsync(name, Stop));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(name, Stop));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("a_b")]
    public Task A_token_that_could_be_part_of_a_name_is_refused(string token) =>
        Assert.ThrowsAsync<ArgumentException>(() => StageAsync("shards/00000.tar", token, Bytes(1)));

    private protected Task<StoredFile> StageAsync(string name, string token, byte[] content) =>
        Store.StageAsync(name, token, (stream, stop) => stream.WriteAsync(content, stop).AsTask(), Stop);

    private protected async Task WriteAsync(string name, byte[] content)
    {
        await StageAsync(name, "test", content);
        await Store.PublishAsync(name, "test", stop: Stop);
    }

    private protected async Task<byte[]> ReadAsync(string name, long offset = 0, long? length = null)
    {
        await using var stream = await Store.OpenReadAsync(name, offset, length, Stop);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Stop);
        return copy.ToArray();
    }

    private protected async Task<string[]> PublishedAsync(string prefix = "") =>
        [.. (await AllOf(Store.ListAsync(prefix, Stop))).Select(file => file.Name)];

    private protected Task<List<StagedFile>> StagedAsync() => AllOf(Store.ListStagedAsync(Stop));

    private static async Task<List<T>> AllOf<T>(IAsyncEnumerable<T> items)
    {
        var all = new List<T>();
        await foreach (var item in items)
            all.Add(item);
        return all;
    }

    private protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
