using WebImageText.Learn.Data;

namespace WebImageText.Learn.Tests.Data;

public sealed class BatchLoaderTests
{
    [Fact]
    public async Task A_resumed_loader_gives_the_very_batches_that_the_first_would_have_given()
    {
        using var shards = new SomeShards(10, 3, 7, 5);
        var order = await shards.OrderAsync();
        var whole = await TakeAsync(order, new(0, 0), 12, workers: 3);

        var (_, _, cursor) = whole[4];
        var rest = await TakeAsync(order, cursor, 7, workers: 1);

        Assert.Equal(whole.Skip(5).Select(batch => batch.Captions), rest.Select(batch => batch.Captions));
        Assert.Equal(whole.Skip(5).Select(batch => batch.Pixels), rest.Select(batch => batch.Pixels));
    }

    [Fact]
    public async Task Broken_samples_are_counted_and_the_batch_is_filled_with_the_next()
    {
        using var shards = new SomeShards(12);
        var order = await shards.OrderAsync(window: 1);
        var bytes = await File.ReadAllBytesAsync(shards.Tar(0), TestContext.Current.CancellationToken);
        bytes.AsSpan(512, 200).Clear(); // the first picture
        await File.WriteAllBytesAsync(shards.Tar(0), bytes, TestContext.Current.CancellationToken);

        await using var loader = Loader(order, new(0, 0), 11, 2);
        using var batch = await loader.NextAsync(TestContext.Current.CancellationToken);

        Assert.Equal(11, batch.Captions.Distinct().Count());
        Assert.DoesNotContain("sample 0", batch.Captions);
        Assert.True(loader.Counts.Broken["not_an_image"] >= 1); // the loader is ahead of us
        Assert.Equal(12, batch.After.Position);
    }

    [Fact]
    public async Task A_missing_tar_ends_the_loader_with_its_name()
    {
        using var shards = new SomeShards(12);
        var order = await shards.OrderAsync();
        File.Delete(shards.Tar(0));

        await using var loader = Loader(order, new(0, 0), 4, 2);

        // Every sample is missing, and none will ever come: better an error than an endless search.
        var error = await Assert.ThrowsAsync<IOException>(async () => await loader.NextAsync(TestContext.Current.CancellationToken));
        Assert.Contains("00000.tar", error.Message, StringComparison.Ordinal);
    }

    private static BatchLoader Loader(SampleOrder order, SampleCursor from, int batch, int workers) => new(
        new SampleFeed(order).FromAsync(from, TestContext.Current.CancellationToken),
        (caption, tokens) => { tokens.AsSpan().Clear(); tokens[0] = caption.Length; },
        new() { Batch = batch, Side = 16, Context = 4, Workers = workers, Seed = 3 });

    private static async Task<List<(string[] Captions, string Pixels, SampleCursor After)>> TakeAsync(
        SampleOrder order, SampleCursor from, int batches, int workers)
    {
        await using var loader = Loader(order, from, 3, workers);
        var taken = new List<(string[], string, SampleCursor)>();
        for (var at = 0; at < batches; at++)
        {
            using var batch = await loader.NextAsync(TestContext.Current.CancellationToken);
            taken.Add(([.. batch.Captions], Convert.ToHexString(batch.Pixels.bytes), batch.After));
        }
        return taken;
    }
}
