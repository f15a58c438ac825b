using System.Text;
using System.Text.Json;
using CsCheck;
using WebImageText.Curate.Pixels;

namespace WebImageText.Tests.Curate.Pixels;

public class ExifTests
{
    [Fact]
    public void Fields_have_img2dataset_s_keys_and_words()
    {
        // Big-endian: Make, Orientation, XResolution and an EXIF directory of exposure, version, components and a field without name.
        byte[] block =
        [
            .. "MM\0*"u8, 0, 0, 0, 8,
            0, 4, // at 8
            .. Entry(0x010F, 2, 6, 62), .. Entry(0x0112, 3, 1, 6 << 16), .. Entry(0x011A, 5, 1, 68), .. Entry(0x8769, 4, 1, 76),
            0, 0, 0, 0,
            .. "Canon\0"u8, // at 62
            0, 0, 0, 144, 0, 0, 0, 2, // at 68
            0, 4, // at 76
            .. Entry(0x829A, 5, 1, 130), .. Entry(0x9000, 7, 4, 0x30323330), .. Entry(0x9101, 7, 4, 0x01020300), .. Entry(0xABCD, 3, 2, 3 << 16 | 9),
            0, 0, 0, 0,
            0, 0, 0, 10, 0, 0, 0, 40, // at 130
        ];

        var fields = Read(block);

        Assert.Equal(
            [
                ("Image Make", "Canon"), ("Image Orientation", "Rotated 90 CW"), ("Image XResolution", "72"), ("Image ExifOffset", "76"),
                ("EXIF ExposureTime", "1/4"), ("EXIF ExifVersion", "0230"), ("EXIF ComponentsConfiguration", "YCbCr"),
                ("EXIF Tag 0xABCD", "[3, 9]"),
            ],
            fields.Select(field => (field.Key, field.Value)));
        Assert.Equal(6, Exif.OrientationOf(block));
    }

    [Fact]
    public void Location_is_left_out_unless_it_is_asked_for()
    {
        var block = OddImages.Exif(location: true);

        Assert.Equal(["Image Make", "Image Orientation"], Read(block).Keys);
        Assert.Equal(["GPS GPSLatitudeRef", "Image GPSInfo", "Image Make", "Image Orientation"], Read(block, location: true).Keys.Order());
    }

    [Fact]
    public void Text_that_is_no_utf8_is_read_as_latin_1()
    {
        var block = OddImages.Exif(make: "Ärzte");
        var at = block.AsSpan().IndexOf(Encoding.UTF8.GetBytes("Ä"));
        (block[at], block[at + 1]) = (0xC4, (byte)'!');

        Assert.Equal("Ä!rzte", Read(block)["Image Make"]);
    }

    [Fact]
    public void Any_bytes_give_an_answer_of_bounded_length() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Bool).Sample((noise, little) =>
        {
            byte[] block = [.. little ? "II*\0"u8 : "MM\0*"u8, .. little ? (ReadOnlySpan<byte>)[8, 0, 0, 0] : [0, 0, 0, 8], .. noise];
            var orientation = Exif.OrientationOf(block);
            return (Exif.Read(block, true)?.Length ?? 0) < 1_000_000 && orientation is >= 1 and <= 8;
        });

    [Fact]
    public void A_block_that_points_everywhere_at_one_long_text_stays_short()
    {
        const int Entries = 5_000;
        byte[] block =
        [
            .. "MM\0*"u8, 0, 0, 0, 8, Entries >> 8, Entries & 255,
            .. Enumerable.Range(0, Entries).SelectMany(at => Entry(0x1000 + at, 2, 60_000, 60_010)),
            0, 0, 0, 8, .. Enumerable.Repeat((byte)'x', 60_000),
        ];

        Assert.InRange(Exif.Read(block, true)!.Length, 1, 100_000);
    }

    private static Dictionary<string, string> Read(byte[] block, bool location = false) =>
        JsonSerializer.Deserialize<Dictionary<string, string>>(Exif.Read(block, location)!)!;

    private static byte[] Entry(int tag, int type, int count, int value) =>
    [
        (byte)(tag >> 8), (byte)tag, 0, (byte)type, (byte)(count >> 24), (byte)(count >> 16), (byte)(count >> 8), (byte)count,
        (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value,
    ];
}
