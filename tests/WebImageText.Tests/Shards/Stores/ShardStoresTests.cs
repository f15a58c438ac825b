using WebImageText.Shards.Stores;

namespace WebImageText.Tests.Shards.Stores;

public class ShardStoresTests
{
    [Theory]
    [InlineData("/data/set", "/data/set")]
    [InlineData("/data/set/", "/data/set")]
    [InlineData("file:/data/set", "/data/set")]
    [InlineData("file:///data/my%20set", "/data/my set")]
    [InlineData("/data/a:b", "/data/a:b")]
    public void A_folder_is_opened_by_its_path_or_as_file(string location, string folder) =>
        Assert.Equal(folder, Assert.IsType<FolderStore>(ShardStores.Open(location)).Location);

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("file:")]
    [InlineData("file://host/data")]
    [InlineData("s3://bucket/prefix")]
    [InlineData("http://host/prefix")]
    public void Anything_else_is_refused_by_name(string location) =>
        Assert.ThrowsAny<ArgumentException>(() => ShardStores.Open(location));
}
