using System.Text;
using CsCheck;
using WebImageText.Crawl.Fetch;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Fetch;

public class MediaSnifferTests
{
    [Fact]
    public void Bytes_are_what_they_are_whatever_the_header_says()
    {
        var wrong = Vectors.Of("policy_vectors.json", "sniff")
            .Select(item => (Id: item.Text("id"), Want: item.Text("format"),
                Got: Word(MediaSniffer.Sniff(Convert.FromBase64String(item.Text("bytes_b64")!)))))
            .Where(item => item.Want != item.Got)
            .ToArray();

        Assert.Empty(wrong);
    }

    [Fact]
    public void An_image_that_is_cut_anywhere_is_cut()
    {
        foreach (var item in Vectors.Of("policy_vectors.json", "sniff").Where(item => item.Text("id") is "sn01" or "sn07"))
        {
            var bytes = Convert.FromBase64String(item.Text("bytes_b64")!);
            for (var length = 4; length < bytes.Length - 4; length++)
                Assert.True(MediaSniffer.Sniff(bytes.AsSpan(0, length)) is { IsCut: true }, $"{item.Text("id")}, {length} bytes");
        }
    }

    [Theory]
    [InlineData("", "none")]
    [InlineData("RIFF\u0004\0\0\0WEBPVP8 ", "webp")]
    [InlineData("RIFF\u00FF\0\0\0WEBPVP8 ", "none")]
    [InlineData("RIFF\u0004\0\0\0WAVEfmt ", "none")]
    [InlineData("GIF89a", "none")]
    [InlineData("GIF90a\u0001\0\u0001\0\0\0\0;", "none")]
    [InlineData("\0\0\0\u0018ftypmif1\0\0\0\0miafavif", "avif")]
    [InlineData("\0\0\0\u0014ftypheic\0\0\0\0mif1", "heif")]
    [InlineData("\0\0\0\u0014ftypisom\0\0\0\0mp41", "none")]
    [InlineData("\0\0\0\u000CJXL \r\n\u0087\n", "jxl")]
    [InlineData("\0\0\0\u000CjP  \r\n\u0087\n", "jp2")]
    [InlineData("\0\0\u0001\0\u0001\0\u0010\u0010", "ico")]
    [InlineData("MM\0*\0\0\0\u0008\0\0", "tiff")]
    [InlineData("II*\0\u00FF\0\0\0", "none")]
    [InlineData("BMW is a maker of cars and motorcycles", "none")]
    [InlineData("<?xml version='1.0'?><!DOCTYPE svg PUBLIC 'x' 'y'>\n<svg>", "svg")]
    [InlineData("<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]><!-- x --><svg/>", "svg")]
    [InlineData("<?xml version='1.0'?><rss>", "none")]
    [InlineData("<svgfoo>", "none")]
    [InlineData(" \n<!DOCTYPE HTML>", "html")]
    [InlineData("<!-- x --><html>", "html")]
    [InlineData("<P>gone", "html")]
    [InlineData("<pre>", "none")]
    [InlineData("<?php echo 1;", "none")]
    [InlineData("PK\u0003\u0004", "none")]
    public void Signatures_decide(string latin1, string format) =>
        Assert.Equal(format, Word(MediaSniffer.Sniff(Encoding.Latin1.GetBytes(latin1))));

    [Theory]
    [InlineData("image/jpeg", true)]
    [InlineData(" IMAGE/WebP ; q=1", true)]
    [InlineData("image/svg+xml", false)]
    [InlineData("image/jxl", false)]
    [InlineData("image/jpeg-of-a-kind-nobody-knows", false)]
    [InlineData("", false)]
    public void Media_types_are_decoded_or_not(string type, bool decoded) => Assert.Equal(decoded, MediaFormats.IsDecodedType(type));

    [Fact]
    public void Any_bytes_are_read()
    {
        byte[][] starts = ["\u00FF"u8.ToArray(), [0xFF, 0xD8, 0xFF], [0x89, 80, 78, 71, 13, 10, 26, 10], "GIF89a"u8.ToArray(), "BM"u8.ToArray(),
            "RIFF"u8.ToArray(), [73, 73, 42, 0], "\0\0\0\u0018ftyp"u8.ToArray(), "<!--"u8.ToArray()];
        Gen.Select(Gen.Int[0, starts.Length - 1], Gen.Byte.Array[0, 60]).Sample((start, bytes) =>
        {
            MediaSniffer.Sniff([.. starts[start], .. bytes]);
        });
    }

    // An image that did not come whole is refused, like what is no image.
    private static string Word(SniffedMedia media) => (media.IsCut ? MediaFormat.None : media.Format).Word();
}
