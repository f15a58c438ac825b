using System.Security.Cryptography;
using System.Text;
using WebImageText.Crawl.Extract.Charsets;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Extract;

public class CharsetTests
{
    [Fact]
    public void Pages_are_read_in_the_encoding_that_a_browser_would_choose()
    {
        var wrong = Vectors.Of("charset_vectors.json", "detect")
            .Select(item => (Id: item.Text("id"), Want: item.Text("encoding"), Got: CharsetSniffer.Detect(
                Convert.FromBase64String(item.Text("body_b64")!), item.Text("content_type")).Charset.Name))
            .Where(item => item.Want != item.Got)
            .ToArray();

        Assert.Empty(wrong);
    }

    [Fact]
    public void Bytes_decode_as_the_Encoding_Standard_says()
    {
        var wrong = Vectors.Of("charset_vectors.json", "decode")
            .Select(item => (Id: item.Text("id"), Want: item.Text("text"),
                Got: Decode(item.Text("label")!, Convert.FromHexString(item.Text("hex")!))))
            .Where(item => item.Want != item.Got)
            .ToArray();

        Assert.Empty(wrong);
    }

    // The first 16 digits of SHA-256 over the 256 bytes, decoded by the standard's indexes.
    [Theory]
    [InlineData("IBM866", "3c8cc5cb485f93d2")]
    [InlineData("ISO-8859-2", "a5871b0f978b840b")]
    [InlineData("ISO-8859-3", "e83895f2b7d7b82b")]
    [InlineData("ISO-8859-4", "449076e20ebf45eb")]
    [InlineData("ISO-8859-5", "9f31ddc0f7444afa")]
    [InlineData("ISO-8859-6", "beba4e6cf97dce83")]
    [InlineData("ISO-8859-7", "71069977a6798ab7")]
    [InlineData("ISO-8859-8", "b43535e7aaeb7bcf")]
    [InlineData("ISO-8859-10", "282514fbd01219c4")]
    [InlineData("ISO-8859-13", "4426f6d2f1b025cd")]
    [InlineData("ISO-8859-14", "f03afb7e01e66cac")]
    [InlineData("ISO-8859-15", "9b58b26dbd8fbff2")]
    [InlineData("ISO-8859-16", "2de1faef4dc524c9")]
    [InlineData("KOI8-R", "fb0243455e64ef70")]
    [InlineData("KOI8-U", "896c218aaf12ca1b")]
    [InlineData("macintosh", "54112bce885d7b1a")]
    [InlineData("windows-874", "6a2c7940c3d68216")]
    [InlineData("windows-1250", "03772ed2e875bd12")]
    [InlineData("windows-1251", "b16600cf4e6d1a2d")]
    [InlineData("windows-1252", "cc916e51644a12e8")]
    [InlineData("windows-1253", "e4570135cbc6e3d5")]
    [InlineData("windows-1254", "4a8e99647c3e28e6")]
    [InlineData("windows-1255", "870c5c5e687fabcd")]
    [InlineData("windows-1256", "6f6e8626197b1b6b")]
    [InlineData("windows-1257", "d19a4e888879e36a")]
    [InlineData("windows-1258", "e79b48db126bc71d")]
    [InlineData("x-mac-cyrillic", "784db55e1c90195e")]
    [InlineData("x-user-defined", "fb4341fe90799717")]
    public void Every_byte_of_a_single_byte_encoding_is_the_standards(string name, string digest) =>
        Assert.Equal(digest, Digest(Decode(name, [.. Enumerable.Range(0, 256).Select(value => (byte)value)])));

    // The same over every pair of bytes, each decoded by itself and followed by a bar.
    [Theory]
    [InlineData("EUC-JP", "7d4be1264a67b73c")]
    [InlineData("EUC-KR", "0eea47e4110e525b")]
    [InlineData("Shift_JIS", "df30f94dc4a8b049")]
    public void Every_pair_of_a_double_byte_encoding_is_the_standards(string name, string digest)
    {
        var text = new StringBuilder();
        for (var lead = 0x81; lead <= 0xFE; lead++)
        {
            for (var trail = 0; trail < 0xFF; trail++)
                text.Append(Decode(name, [(byte)lead, (byte)trail])).Append('|');
        }

        Assert.Equal(digest, Digest(text.ToString()));
    }

    [Theory]
    [InlineData("8FB0A1", "\u4E02")]
    [InlineData("8FA2B7", "\uFF5E")]
    [InlineData("8F41", "\uFFFDA")]
    [InlineData("8FA1A1", "\uFFFD")]
    [InlineData("8FA141", "\uFFFDA")]
    [InlineData("8EB1", "\uFF71")]
    public void EUC_JP_has_triples_and_katakana(string hex, string text) =>
        Assert.Equal(text, Decode("euc-jp", Convert.FromHexString(hex)));

    [Fact]
    public void A_stray_byte_does_not_swallow_the_quotation_mark_after_it()
    {
        Assert.Equal("\uFFFD\"x", Decode("shift_jis", [0x81, .. "\"x"u8]));
        Assert.Equal("\uFFFD\"x", Decode("euc-kr", [0x81, .. "\"x"u8]));
        Assert.Equal("\uFFFD\"x", Decode("big5", [0x81, .. "\"x"u8]));
        Assert.Equal("\uFFFD\"x", Decode("euc-jp", [0x8F, .. "\"x"u8]));
        Assert.Equal("\uFFFD\"x", Decode("gb18030", [0x81, .. "\"x"u8]));
    }

    [Theory]
    [InlineData("iso-2022-kr")]
    [InlineData(" HZ-GB-2312 ")]
    [InlineData("iso-2022-cn-ext")]
    public void Encodings_that_hide_markup_have_no_decoder(string label) => Assert.Null(Charset.FromLabel(label)!.Decoder);

    [Theory]
    [InlineData("")]
    [InlineData("utf-7")]
    [InlineData("utf-32")]
    [InlineData("a-label-that-is-longer-than-any-label-there-is")]
    public void Other_labels_are_none(string label) => Assert.Null(Charset.FromLabel(label));

    [Theory]
    [InlineData("<?xml version='1.0' encoding='koi8-r'?><html>", "KOI8-R")]
    [InlineData("<?xml version=\"1.0\" encoding=\"utf-16\"?><html>", "UTF-8")]
    [InlineData("<?xml version='1.0' encoding=koi8-r?><html>", "windows-1252")]
    [InlineData("<?xml encoding='koi8-r'?><meta charset=windows-1251>", "windows-1251")]
    [InlineData("<meta charset=koi8-r", "windows-1252")]
    [InlineData("<meta content='charset charset=koi8-r' http-equiv=content-type>", "KOI8-R")]
    [InlineData("<a title='<meta charset=koi8-r>'><meta charset=gbk>", "GBK")]
    public void The_first_bytes_are_searched_as_the_standard_says(string page, string name) =>
        Assert.Equal(name, CharsetSniffer.Detect(Encoding.ASCII.GetBytes(page), "text/html").Charset.Name);

    private static string Decode(string label, byte[] bytes)
    {
        var chars = new char[bytes.Length + 1];
        var decoder = Charset.FromLabel(label)!.Decoder!;
        var text = bytes.AsSpan()[CharsetSniffer.Detect(bytes, null).MarkLength..];
        return new string(chars, 0, decoder.Decode(text, chars));
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..16];
}
