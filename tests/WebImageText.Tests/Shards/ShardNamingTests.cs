using WebImageText.Shards;

namespace WebImageText.Tests.Shards;

public class ShardNamingTests
{
    // img2dataset: shard_id * 10^k + row, width k + oom_shard_count, k = ceil(log10(number_sample_per_shard))
    [Theory]
    [InlineData(10_000, 5, 12, 34, "000120034")]
    [InlineData(1_000, 5, 12, 34, "00012034")]
    [InlineData(15_000, 5, 12, 34, "0001200034")]
    [InlineData(10_000, 8, 12, 34, "000000120034")]
    [InlineData(10_000, 5, 0, 9_999, "000009999")]
    [InlineData(10_000, 5, 123_456, 1, "1234560001")]
    [InlineData(1, 5, 12, 0, "00012")]
    public void Keys_are_those_of_img2dataset(int size, int width, int shard, int row, string key)
    {
        var naming = new ShardNaming(size, width);

        Assert.Equal(key, naming.Key(shard, row));
        Assert.Equal(row, naming.Row(shard, key));
        Assert.Null(naming.Row(shard + 1, key));
    }

    [Theory]
    [InlineData("000120034x")]
    [InlineData("00120034")]
    [InlineData("0000120034")]
    [InlineData("-00120034")]
    [InlineData("")]
    public void A_key_of_another_form_has_no_row(string key) => Assert.Null(new ShardNaming().Row(12, key));

    [Fact]
    public void A_row_beyond_the_shard_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShardNaming(1_000).Key(0, 1_000));

    [Fact]
    public void Files_are_named_as_img2dataset_names_them()
    {
        var stem = new ShardNaming().Stem(12);

        Assert.Equal(
            ["shards/00012.tar", "shards/00012.parquet", "shards/00012_stats.json"],
            new[] { ShardNaming.Tar(stem), ShardNaming.Parquet(stem), ShardNaming.Stats(stem) });
    }
}
