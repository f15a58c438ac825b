using WebImageText.Learn.Data;

namespace WebImageText.Learn.Tests.Data;

public sealed class SampleFeedTests
{
    [Fact]
    public async Task An_epoch_gives_every_sample_once_whatever_the_number_of_ranks()
    {
        using var shards = new SomeShards(10, 3, 7, 5);
        var order = await shards.OrderAsync();

        foreach (var ranks in new[] { 1, 2, 3, 4 })
        {
            var taken = new List<string>();
            for (var rank = 0; rank < ranks; rank++)
            {
                var (first, end) = SampleOrder.Stretch(order.Samples, rank, ranks);
                taken.AddRange(await TakeAsync(order, new(2, 0, rank, ranks), (int)(end - first)));
            }

            Assert.Equal(25, taken.Count);
            Assert.Equal(25, taken.Distinct().Count());
        }
    }

    [Fact]
    public async Task Epochs_differ_and_a_seed_repeats_them()
    {
        using var shards = new SomeShards(10, 3, 7, 5);
        var order = await shards.OrderAsync();

        var twice = await TakeAsync(order, new(0, 0), 50);

        Assert.NotEqual(twice[..25], twice[25..]);
        Assert.Equal(twice[..25].Order(), twice[25..].Order());
        Assert.Equal(twice, await TakeAsync(await shards.OrderAsync(), new(0, 0), 50));
    }

    [Fact]
    public async Task From_any_cursor_the_very_next_sample_comes()
    {
        using var shards = new SomeShards(10, 3, 7, 5);
        var order = await shards.OrderAsync();
        var whole = new List<StreamedSample>();
        await foreach (var sample in new SampleFeed(order).FromAsync(new(0, 0, 1, 2), Stop))
        {
            whole.Add(sample);
            if (whole.Count == 40)
                break;
        }

        for (var at = 0; at < 39; at++)
            Assert.Equal(SomeShards.Caption(whole[at + 1]), (await TakeAsync(order, whole[at].After, 1))[0]);
    }

    [Fact]
    public async Task Resampling_draws_shards_with_replacement_and_repeats_its_draws()
    {
        using var shards = new SomeShards(4, 4, 4, 4, 4, 4);
        var order = await shards.OrderAsync(resample: true);

        var taken = await TakeAsync(order, new(0, 0), 24);

        Assert.True(taken.Distinct().Count() < 24);
        Assert.Equal(taken, await TakeAsync(await shards.OrderAsync(resample: true), new(0, 0), 24));
    }

    [Fact]
    public async Task A_source_of_weight_two_comes_twice_an_epoch_and_one_of_a_half_by_half()
    {
        using var heavy = new SomeShards(3, 3);
        using var light = new SomeShards(2, 2, 2, 2);
        SampleOrder order = new([
            new(await TarShard.FindAsync(heavy.Pattern, Stop), 2), new(await TarShard.FindAsync(light.Pattern, Stop), 0.5)], 1, 1);

        var epoch = order.Epoch(0);

        Assert.Equal(4, epoch.Count(shard => shard.Samples == 3));
        Assert.Equal(2, epoch.Count(shard => shard.Samples == 2));
        Assert.Equal(16, order.Samples);
    }

    [Fact]
    public async Task A_damaged_tar_costs_its_own_samples_and_moves_no_other()
    {
        using var shards = new SomeShards(10, 10);
        var order = await shards.OrderAsync(window: 1);
        var whole = await TakeAsync(order, new(0, 0), 20);
        using (var tar = File.Open(shards.Tar(0), FileMode.Open))
            tar.SetLength(tar.Length / 2);

        var after = await TakeAsync(order, new(0, 0), 20);

        Assert.InRange(after.Count(caption => caption is null), 3, 7);
        Assert.All(whole.Zip(after), pair => Assert.True(pair.Second is null || pair.First == pair.Second));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static async Task<List<string>> TakeAsync(SampleOrder order, SampleCursor from, int count)
    {
        var taken = new List<string>();
        await foreach (var sample in new SampleFeed(order).FromAsync(from, Stop))
        {
            taken.Add(sample.Sample is null ? null! : SomeShards.Caption(sample));
            if (taken.Count == count)
                break;
        }
        return taken;
    }
}
