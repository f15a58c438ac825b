using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;
using WebImageText.Shards.Tar;

namespace WebImageText.Tests.Shards.Tar;

public class ShardTarTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The same three samples as Python 3.11 wrote them: <c>tarfile.open(mode="w", format=tarfile.USTAR_FORMAT)</c>,
    /// members with mtime 0, mode 0o444, uname and gname "bigdata".</summary>
    [Fact]
    public async Task It_writes_the_bytes_that_Python_writes()
    {
        var tar = await ThreeSamplesAsync();

        Assert.Equal(20480, tar.Length);
        Assert.Equal(
            "5d0082711ec04a554189870194a98df23e03fa9175320a484085b723625f65f6", Convert.ToHexStringLower(SHA256.HashData(tar)));
    }

    [Fact]
    public async Task The_framework_reads_plain_ustar_members_with_fixed_owner_time_and_mode()
    {
        using var stream = new MemoryStream(await ThreeSamplesAsync());
        await using var reader = new TarReader(stream);

        var names = new List<string>();
        while (await reader.GetNextEntryAsync(cancellationToken: Stop) is { } entry)
        {
            var ustar = Assert.IsType<UstarTarEntry>(entry); // a PAX header would make it a PaxTarEntry
            Assert.Equal(DateTimeOffset.UnixEpoch, ustar.ModificationTime);
            Assert.Equal((UnixFileMode)0b100_100_100, ustar.Mode);
            Assert.Equal((0, 0, "bigdata", "bigdata"), (ustar.Uid, ustar.Gid, ustar.UserName, ustar.GroupName));
            names.Add(ustar.Name);
        }

        Assert.Equal(
            ["000120000.jpg", "000120000.json", "000120000.txt", "000120017.jpg", "000120017.json", "000120017.txt",
             "000120034.jpg", "000120034.json", "000120034.txt"], names);
    }

    [Fact]
    public async Task The_first_block_says_ustar() =>
        Assert.Equal("ustar\0", Encoding.ASCII.GetString(await ThreeSamplesAsync(), 257, 6));

    [Theory]
    [InlineData("a.b")]
    [InlineData("dir/a")]
    [InlineData("A")]
    [InlineData("é")]
    [InlineData("")]
    public async Task A_key_on_which_readers_disagree_is_refused(string key) =>
        await Assert.ThrowsAsync<ArgumentException>(async () => await new ShardTar(Stream.Null).AddAsync(key, Jpeg(1), default, default, Stop));

    [Fact]
    public async Task A_key_that_does_not_ascend_is_refused()
    {
        var tar = new ShardTar(Stream.Null);
        await tar.AddAsync("000000002", Jpeg(1), default, default, Stop);

        await Assert.ThrowsAsync<ArgumentException>(async () => await tar.AddAsync("000000002", Jpeg(1), default, default, Stop));
        await Assert.ThrowsAsync<ArgumentException>(async () => await tar.AddAsync("000000001", Jpeg(1), default, default, Stop));
    }

    [Fact]
    public async Task The_extension_follows_the_bytes_of_the_image()
    {
        using var stream = new MemoryStream();
        var tar = new ShardTar(stream);
        await tar.AddAsync("0", Jpeg(1), default, default, Stop);
        await tar.AddAsync("1", Png(), default, default, Stop);
        await tar.AddAsync("2", "RIFF\0\0\0\0WEBPVP8 "u8.ToArray(), default, default, Stop);
        await tar.FinishAsync(Stop);

        stream.Position = 0;
        var extensions = new List<string>();
        await foreach (var sample in new ShardTarReader(stream, "x").SamplesAsync(Stop))
            extensions.Add(sample.Members.Keys.First());
        Assert.Equal(["jpg", "png", "webp"], extensions);
        await Assert.ThrowsAsync<ArgumentException>(async () => await tar.AddAsync("3", "GIF89a"u8.ToArray(), default, default, Stop));
    }

    internal static async Task<byte[]> ThreeSamplesAsync()
    {
        using var stream = new MemoryStream();
        var tar = new ShardTar(stream);
        for (var at = 0; at < 3; at++)
        {
            var text = at == 0 ? "" : $"caption é {at}";
            await tar.AddAsync(
                $"{120000 + (at * 17):d9}", Jpeg((at * 3) + 1), "{\n    \"url\": \"x\"\n}"u8.ToArray(), Encoding.UTF8.GetBytes(text), Stop);
        }
        await tar.FinishAsync(Stop);
        Assert.Equal(stream.Length, tar.Length);
        return stream.ToArray();
    }

    private static byte[] Jpeg(int repeats) =>
        [0xFF, 0xD8, 0xFF, .. Enumerable.Repeat(Enumerable.Range(0, 256).Select(value => (byte)value), repeats).SelectMany(all => all)];

    private static byte[] Png() => [0x89, .. "PNG\r\n"u8, 0x1A, .. "\n...."u8];
}
