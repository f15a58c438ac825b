using CsCheck;
using SharpCompress.Compressors;
using SharpCompress.Compressors.BZip2;
using WebImageText.Crawl.Queries.Bzip2;

namespace WebImageText.Tests.Queries;

public class Bzip2StreamTests
{
    // Bytes that repeat in every way: runs that end at 3, 4, 5, 255 and more, few and many different bytes.
    private static readonly Gen<byte[]> Contents = Gen.OneOf(
        Gen.Byte.Array[0, 3000],
        Gen.Select(Gen.Byte[0, 3], Gen.Int[1, 600], (value, count) => Enumerable.Repeat(value, count)).Array[0, 40].Select(runs => runs.SelectMany(run => run).ToArray()));

    [Fact]
    public async Task What_another_program_packed_comes_back() => await Contents.SampleAsync(async content =>
        Assert.Equal(content, await Unpack(Pack(content))), iter: 100);

    [Fact]
    public async Task Many_blocks_and_streams_one_after_the_other_come_back_in_order()
    {
        var random = new Random(1);
        var content = new byte[2_500_000]; // three blocks
        for (var at = 0; at < content.Length; at++)
            content[at] = (byte)(random.Next(30) * random.Next(8));
        byte[] file = [.. Pack(content), .. Pack([]), .. Pack("second stream"u8.ToArray()), .. Pack(content[..1000])];

        var expected = content.Concat("second stream"u8.ToArray()).Concat(content[..1000]);
        Assert.Equal(expected, await Unpack(file));
    }

    // 40 MB of one value are one block of 0.8 MB before its runs are written out. (SharpCompress packs them the way that
    // bzip2 left behind in 1999, so the program itself does it.)
    [Fact]
    public async Task A_block_of_one_byte_value_comes_back()
    {
        var content = new byte[40_000_000];
        Assert.Equal(content, await Unpack(await PackByProgramAsync(content)));
    }

    // What repeats has several chains in its sorted form, and only one of them is the block.
    [Fact]
    public async Task Blocks_that_repeat_themselves_come_back() => await Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[1, 60_000], Gen.Byte.Array[0, 3])
        .SampleAsync(async (part, times, rest) =>
        {
            byte[] content = [.. Enumerable.Repeat(part, times / part.Length + 1).SelectMany(bytes => bytes), .. rest];
            Assert.Equal(content, await Unpack(await PackByProgramAsync(content)));
        }, iter: 30, threads: 1);

    [Fact]
    public async Task A_cut_or_damaged_file_is_refused_with_the_byte() => await Gen.Select(Contents.Where(content => content.Length > 20), Gen.Double[0, 1], Gen.Int[0, 7])
        .SampleAsync(async (content, place, bit) =>
        {
            var packed = Pack(content);
            var at = 1 + (int)(place * (packed.Length - 2));
            var cut = await Assert.ThrowsAsync<InvalidDataException>(() => Unpack(packed[..at]));
            Assert.StartsWith("byte ", cut.Message, StringComparison.Ordinal);

            packed[at] ^= (byte)(1 << bit);
            try
            {
                // The level, and the bits after the end mark, may change without harm.
                Assert.Equal(content, await Unpack(packed));
            }
            catch (InvalidDataException damaged)
            {
                Assert.StartsWith("byte ", damaged.Message, StringComparison.Ordinal);
            }
        }, iter: 200);

    [Fact]
    public async Task What_is_no_bzip2_file_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => Unpack("<!DOCTYPE html>"u8.ToArray()));

    private static async Task<byte[]> PackByProgramAsync(byte[] content)
    {
        if (!File.Exists("/usr/bin/bzip2"))
            Assert.Skip("the bzip2 program is not installed");
        var path = Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, content);
        using var bzip2 = System.Diagnostics.Process.Start("/usr/bin/bzip2", [path]);
        await bzip2.WaitForExitAsync();
        var packed = await File.ReadAllBytesAsync(path + ".bz2");
        File.Delete(path + ".bz2");
        return packed;
    }

    private static byte[] Pack(byte[] content)
    {
        var packed = new MemoryStream();
        using (var stream = BZip2Stream.Create(packed, CompressionMode.Compress, false, leaveOpen: true))
            stream.Write(content);
        return packed.ToArray();
    }

    private static async Task<byte[]> Unpack(byte[] packed)
    {
        using var stream = new Bzip2Stream(new MemoryStream(packed), threads: 2);
        using var content = new MemoryStream();
        await stream.CopyToAsync(content);
        return content.ToArray();
    }
}
