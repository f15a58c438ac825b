using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using WebImageText.Shards;
using WebImageText.Shards.Tar;

namespace WebImageText.Tests.Shards.Tar;

public class ShardTarReaderTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_written_is_read()
    {
        var samples = await ReadAsync(await ShardTarTests.ThreeSamplesAsync());

        Assert.Equal(["000120000", "000120017", "000120034"], samples.Select(sample => sample.Key));
        Assert.Equal(["", "caption é 1", "caption é 2"], samples.Select(sample => Encoding.UTF8.GetString(sample.Text!.Value.Span)));
        Assert.All(samples, sample => Assert.Equal(["jpg", "json", "txt"], sample.Members.Keys));
        Assert.Equal([3 + 256, 3 + (4 * 256), 3 + (7 * 256)], samples.Select(sample => sample.Image!.Value.Length));
    }

    [Fact]
    public async Task A_sample_can_be_read_from_its_offset()
    {
        var tar = await ShardTarTests.ThreeSamplesAsync();
        var offset = (await ReadAsync(tar))[1].Offset;

        Assert.Equal(["000120017", "000120034"], (await ReadAsync(tar[(int)offset..])).Select(sample => sample.Key));
    }

    // webdataset 1.0, tariterators.py: base_plus_ext and tar_file_iterator
    [Theory]
    [InlineData("a/b.c/000.jpg", "a/b.c/000", "jpg")]
    [InlineData("x.seg.png", "x", "seg.png")]
    [InlineData("000.jpg.tmp", "000", "jpg.tmp")]
    [InlineData("./000.jpg", "./000", "jpg")]
    [InlineData("000.JPG", "000", "jpg")]
    [InlineData("000.", "000", "")]
    [InlineData("dir/.hidden.jpg", "dir/", "hidden.jpg")]
    [InlineData("__index__.json", "__index__", "json")]
    [InlineData(".hidden.jpg", null, null)]
    [InlineData("noext", null, null)]
    [InlineData("a.b/noext", null, null)]
    [InlineData("__index__", null, null)]
    [InlineData("__meta__/a.json", null, null)]
    public async Task Key_and_extension_are_split_as_webdataset_splits_them(string name, string? key, string? extension)
    {
        var samples = await ReadAsync(Ustar((name, "x")));

        if (key is null)
            Assert.Empty(samples);
        else
            Assert.Equal((key, extension), samples.Select(sample => (sample.Key, sample.Members.Keys.Single())).Single());
    }

    [Fact]
    public async Task Members_are_grouped_by_consecutive_key_only()
    {
        var samples = await ReadAsync(Ustar(("0.jpg", "a"), ("1.jpg", "b"), ("0.txt", "c")));

        Assert.Equal(["0", "1", "0"], samples.Select(sample => sample.Key));
    }

    [Theory]
    [InlineData("0.jpg")]
    [InlineData("0.JPG")]
    public async Task One_extension_twice_in_a_sample_is_an_error(string second)
    {
        var broken = await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(Ustar(("0.jpg", "a"), (second, "b"))));

        Assert.Contains("'0' has 'jpg' twice", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cut_at_any_byte_is_noticed()
    {
        var tar = await ShardTarTests.ThreeSamplesAsync();
        var content = tar.AsSpan().LastIndexOfAnyExcept((byte)0) / 512 * 512 + 512;

        for (var length = 0; length < content + 1024; length++)
            await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(tar[..length]));
        Assert.Equal(3, (await ReadAsync(tar[..(content + 1024)])).Count);
    }

    [Fact]
    public async Task Of_a_cut_archive_whole_samples_come_and_the_last_does_not()
    {
        var tar = await ShardTarTests.ThreeSamplesAsync();
        var second = (int)(await ReadAsync(tar))[2].Offset;
        var keys = new List<string>();

        await Assert.ThrowsAsync<ShardFormatException>(async () =>
        {
            await foreach (var sample in new ShardTarReader(new MemoryStream(tar[..second]), "x").SamplesAsync(Stop))
                keys.Add(sample.Key);
        });

        Assert.Equal(["000120000"], keys); // nobody can tell whether 000120017 had a fourth member
    }

    [Fact]
    public async Task Bytes_after_the_end_are_an_error()
    {
        var tar = await ShardTarTests.ThreeSamplesAsync();

        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync([.. tar, .. tar]));
    }

    [Fact]
    public async Task Archives_of_other_writers_are_read()
    {
        var longName = new string('d', 90) + "/" + new string('k', 60);
        foreach (var format in new[] { TarEntryFormat.Pax, TarEntryFormat.Gnu, TarEntryFormat.Ustar })
        {
            using var stream = new MemoryStream();
            await using (var writer = new TarWriter(stream, format, leaveOpen: true))
                foreach (var (name, type) in new[]
                         { ("dir", TarEntryType.Directory), (longName + ".jpg", TarEntryType.RegularFile), (longName + ".txt", TarEntryType.RegularFile), ("z.jpg", TarEntryType.SymbolicLink) })
                {
                    TarEntry entry = format switch
                    {
                        TarEntryFormat.Pax => new PaxTarEntry(type, name, [new("mtime", "1700000000.25")]),
                        TarEntryFormat.Gnu => new GnuTarEntry(type, name),
                        _ => new UstarTarEntry(type, name),
                    };
                    if (type == TarEntryType.RegularFile)
                        entry.DataStream = new MemoryStream("abc"u8.ToArray());
                    if (type == TarEntryType.SymbolicLink)
                        entry.LinkName = "/etc/passwd";
                    await writer.WriteEntryAsync(entry, Stop);
                }
            stream.Position = 0;

            var reader = new ShardTarReader(stream, "x");
            var samples = new List<Sample>();
            await foreach (var sample in reader.SamplesAsync(Stop))
                samples.Add(sample);

            Assert.Equal(longName, samples.Single().Key);
            Assert.Equal(["jpg", "txt"], samples.Single().Members.Keys);
            Assert.Equal(2, reader.SkippedMembers);
            Assert.Equal(format == TarEntryFormat.Ustar, reader.ExtendedHeaders == 0);
        }
    }

    [Theory]
    [InlineData("/etc/passwd.jpg")]
    [InlineData("../up.jpg")]
    [InlineData("a/../../up.jpg")]
    [InlineData("a\\..\\up.jpg")]
    [InlineData("a\nb.jpg")]
    public async Task A_name_that_leads_out_of_the_folder_is_an_error(string name) =>
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(Ustar((name, "x"))));

    [Fact]
    public async Task A_member_may_not_claim_more_than_the_limit()
    {
        var header = new byte[512];
        UstarWriter.WriteHeader(header, "0.jpg", (1L << 33) - 1);

        var broken = await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(header));

        Assert.Contains("claims 8589934591 bytes", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_may_not_have_more_members_or_bytes_than_the_limit()
    {
        var tar = Ustar([.. Enumerable.Range(0, 5).Select(at => ($"0.{at}", "12345"))]);

        Assert.Single(await ReadAsync(tar, new() { SampleMembers = 5, SampleBytes = 25 }));
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(tar, new() { SampleMembers = 4 }));
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(tar, new() { SampleBytes = 24 }));
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(tar, new() { MemberBytes = 4 }));
    }

    [Fact]
    public async Task What_is_no_tar_says_so()
    {
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(await ShardTarTests.ThreeSamplesAsync());

        Assert.Contains("gzip", (await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync([.. zipped.ToArray(), .. new byte[512]]))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync([]));
        await Assert.ThrowsAsync<ShardFormatException>(() => ReadAsync(new byte[512]));
        Assert.Empty(await ReadAsync(new byte[1024]));
    }

    [Fact]
    public async Task Altered_bytes_are_read_as_they_are_or_refused_and_nothing_else()
    {
        var tar = await ShardTarTests.ThreeSamplesAsync();
        Gen.Select(Gen.Int[0, tar.Length - 1], Gen.Byte).Array[1, 8].Sample(changes =>
        {
            var altered = tar.ToArray();
            foreach (var (at, value) in changes)
                altered[at] = value;
            try
            {
                var reader = new ShardTarReader(new MemoryStream(altered), "x", new() { MemberBytes = 1 << 20 });
                return reader.SamplesAsync(Stop).ToBlockingEnumerable(Stop).All(sample => sample.Members.Count > 0);
            }
            catch (ShardFormatException)
            {
                return true;
            }
        }, iter: 2000);
    }

    private static async Task<List<Sample>> ReadAsync(byte[] tar, ShardTarLimits? limits = null)
    {
        var samples = new List<Sample>();
        await foreach (var sample in new ShardTarReader(new MemoryStream(tar), "x", limits).SamplesAsync(Stop))
            samples.Add(sample);
        return samples;
    }

    private static byte[] Ustar(params (string Name, string Content)[] members)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (name, content) in members)
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        return stream.ToArray();
    }
}
