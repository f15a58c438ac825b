using System.IO.Compression;
using System.Text;
using CsCheck;
using WebImageText.Crawl.OptOut;

namespace WebImageText.Tests.OptOut;

public class ImageSignalsTests
{
    private const string Prohibited = "http://ns.useplus.org/ldf/vocab/DMI-PROHIBITED-AIMLTRAINING";

    private static readonly byte[] Packet = Xmp($"<rdf:Description plus:DataMining='{Prohibited}'/>");
    private static readonly byte[] Store = ImageFiles.Manifest("cawg.training-mining__1", writer =>
    {
        writer.WriteStartMap(1);
        writer.WriteTextString("cawg.ai_generative_training");
        writer.WriteStartMap(2);
        writer.WriteTextString("constraint_info");
        writer.WriteTextString("ask");
        writer.WriteTextString("use");
        writer.WriteTextString("constrained");
        writer.WriteEndMap();
        writer.WriteEndMap();
    });

    private static byte[] XmpBox => Convert.FromHexString("BE7ACFCB97A942E89C71999491E3AFAC");

    private static byte[] C2paBox => Convert.FromHexString("D8FEC3D61B0E483C92975828877EC481");

    public static TheoryData<string, byte[]> WithXmp => new()
    {
        { "JPEG", ImageFiles.Jpeg((0xE0, [1, 2]), (0xE1, [.. "http://ns.adobe.com/xap/1.0/\0"u8, .. Packet])) },
        { "JPEG, extended", ImageFiles.Jpeg(Extended(0, Packet[..100]), Extended(200, Packet[200..]), Extended(100, Packet[100..200])) },
        { "PNG", ImageFiles.Png(("IHDR", new byte[13]), ("iTXt", [.. "XML:com.adobe.xmp\0\0\0\0\0"u8, .. Packet])) },
        { "PNG, compressed", ImageFiles.Png(("iTXt", [.. "XML:com.adobe.xmp\0\u0001\0en\0k\0"u8, .. Deflated(Packet)])) },
        { "WebP", ImageFiles.Webp(("VP8X", [1, 2, 3]), ("XMP ", Packet)) },
        { "AVIF, box", [.. ImageFiles.Box("ftyp", "avif\0\0\0\0"u8.ToArray()), .. ImageFiles.Box("uuid", [.. XmpBox, .. Packet])] },
        { "AVIF, item", [.. ImageFiles.Box("ftyp", "avif\0\0\0\0"u8.ToArray()), .. ImageFiles.Box("mdat", [1, 2, 3, .. Packet, 4])] },
        { "JPEG XL", [.. ImageFiles.Box("JXL ", [13, 10, 0x87, 10]), .. ImageFiles.Box("xml ", Packet)] },
        { "TIFF", [.. "II*\0\u0008\0\0\0"u8, 1, 2, 3, .. Packet, 9] },
        { "GIF", [.. "GIF89a"u8, 0, 0, 0, 0, 0, 0, 0, 0x21, 0xFF, 11, .. "XMP DataXMP"u8, .. Packet, 1, 0] },
    };

    public static TheoryData<string, byte[]> WithManifest => new()
    {
        { "JPEG", ImageFiles.Jpeg((0xEB, [.. "JP"u8, 0, 1, 0, 0, 0, 1, .. Store])) },
        { "JPEG, in parts", ImageFiles.Jpeg(
            (0xEB, [.. "JP"u8, 0, 1, 0, 0, 0, 2, .. Store[..8], .. Store[60..]]), (0xEB, [.. "JP"u8, 0, 1, 0, 0, 0, 1, .. Store[..60]])) },
        { "PNG", ImageFiles.Png(("caBX", Store)) },
        { "WebP", ImageFiles.Webp(("C2PA", Store)) },
        { "AVIF", [.. ImageFiles.Box("ftyp", "avif\0\0\0\0"u8.ToArray()),
            .. ImageFiles.Box("uuid", [.. C2paBox, 0, 0, 0, 0, .. "manifest\0"u8, .. new byte[8], .. Store])] },
        { "JPEG XL", [.. ImageFiles.Box("JXL ", [13, 10, 0x87, 10]), .. Store] },
        { "TIFF", [.. "MM\0*\0\0\0\u0008"u8, .. "jumb"u8, .. Store, 1, 2] },
    };

    [Theory]
    [MemberData(nameof(WithXmp))]
    public void Xmp_is_found_in_any_container(string name, byte[] image) =>
        Assert.Equal((name, new OptOutSignal(OptOutSource.Xmp, Prohibited)), (name, Assert.Single(ImageSignals.Of(image))));

    [Theory]
    [MemberData(nameof(WithManifest))]
    public void A_manifest_is_found_in_any_container(string name, byte[] image) => Assert.Equal(
        (name, new OptOutSignal(OptOutSource.C2pa, "cawg.ai_generative_training=constrained")), (name, Assert.Single(ImageSignals.Of(image))));

    [Theory]
    [InlineData("<rdf:Description><plus:DataMining>DMI-PROHIBITED</plus:DataMining></rdf:Description>", "DMI-PROHIBITED")]
    [InlineData("<rdf:Description><plus:DataMining rdf:resource='x/DMI-PROHIBITED'/></rdf:Description>", "x/DMI-PROHIBITED")]
    [InlineData("<rdf:Description><plus:DataMining><rdf:Bag><rdf:li>DMI-PROHIBITED</rdf:li></rdf:Bag></plus:DataMining></rdf:Description>", "DMI-PROHIBITED")]
    [InlineData("<rdf:Description><plus:DataMining><rdf:Description rdf:value='DMI-PROHIBITED'/></plus:DataMining></rdf:Description>", "DMI-PROHIBITED")]
    [InlineData("<rdf:Description plus:DataMining='&#68;MI-ALLOWED'/>", "DMI-ALLOWED")]
    [InlineData("<rdf:Description DataMining='DMI-PROHIBITED'/>", null)]
    [InlineData("<rdf:Description xmlns:plus='urn:other' plus:DataMining='DMI-PROHIBITED'/>", null)]
    [InlineData("<!-- plus:DataMining='DMI-PROHIBITED' --><rdf:Description/>", null)]
    [InlineData("<rdf:Description plus:DataMining='DMI-PROHIBITED' <broken>", "DMI-PROHIBITED")]
    [InlineData("<rdf:Description plus:DataMining='DMI-PROHIBITED'/><broken>", "DMI-PROHIBITED")]
    [InlineData("<rdf:Description undeclared:x='' plus:DataMining='DMI-PROHIBITED-X y'/>", "DMI-PROHIBITED-X")]
    public void The_property_is_read_in_all_its_forms(string description, string? value) =>
        Assert.Equal(value, XmpPacket.DataMining(Xmp(description)).FirstOrDefault());

    [Fact]
    public void Packets_are_read_in_any_Unicode_encoding()
    {
        var text = Encoding.UTF8.GetString(Packet);
        Assert.Equal([Prohibited], XmpPacket.DataMining(Encoding.Unicode.GetBytes(text)));
        Assert.Equal([Prohibited], XmpPacket.DataMining([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(text)]));
        Assert.Equal([Prohibited], XmpPacket.DataMining([.. Packet, 0, 0, 0]));
    }

    [Fact]
    public void Entities_are_not_expanded() => Assert.Empty(XmpPacket.DataMining(Encoding.UTF8.GetBytes(
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]><x>&b;</x>")));

    [Theory]
    [InlineData("c2pa.ai_training=notAllowed", true)]
    [InlineData("c2pa.ai_inference=notAllowed", true)]
    [InlineData("cawg.data_mining=CONSTRAINED", true)]
    [InlineData("c2pa.ai_training=allowed", false)]
    [InlineData("c2pa.colour=notAllowed", false)]
    [InlineData("unreadable", false)]
    public void Entries_forbid_or_not(string entry, bool refuses) => Assert.Equal(refuses, C2paManifest.IsRefusal(entry));

    [Fact]
    public void A_manifest_that_cannot_be_read_is_told_and_forbids_nothing()
    {
        var signal = Assert.Single(ImageSignals.Of(ImageFiles.Png(("caBX", Store[..^3]))));

        Assert.Equal(C2paManifest.Unreadable, signal.Value);
        Assert.Null(OptOutJudge.Judge([signal], default).Drop);
        Assert.Equal("c2pa: unreadable", OptOutJudge.Judge([signal], default).Record);
    }

    [Fact]
    public void Boxes_in_boxes_end()
    {
        byte[] boxes = [];
        for (var i = 0; i < 2_000; i++)
            boxes = ImageFiles.Superbox("x", boxes);

        Assert.Equal([C2paManifest.Unreadable], C2paManifest.TrainingEntries(boxes));
    }

    [Fact]
    public void Deep_cbor_and_deep_xml_end()
    {
        var deep = ImageFiles.Superbox("c2pa.training-mining",
            ImageFiles.Box("cbor", [0xA1, 0x61, (byte)'x', .. Enumerable.Repeat((byte)0x81, 1_000_000), 0]));
        var watch = System.Diagnostics.Stopwatch.StartNew();

        Assert.Equal([C2paManifest.Unreadable], C2paManifest.TrainingEntries(deep));
        XmpPacket.DataMining(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a>", 300_000))));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public void A_compressed_text_that_grows_is_cut()
    {
        var bomb = ImageFiles.Png(("iTXt", [.. "XML:com.adobe.xmp\0\u0001\0\0\0"u8, .. Deflated(new byte[200_000_000])]));
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Empty(ImageSignals.Of(bomb));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 80_000_000);
    }

    [Fact]
    public void A_packet_that_claims_to_be_long_costs_nothing()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var lie = new byte[40];
        lie.AsSpan().Fill(0xFF);

        Assert.Empty(ImageSignals.Of(ImageFiles.Jpeg((0xE1, [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. lie]))));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void Damaged_images_are_read()
    {
        byte[][] images = [.. WithXmp.Concat(WithManifest).Select(row => (byte[])row.Data.Item2)];
        Gen.Select(Gen.Int[0, images.Length - 1], Gen.Int[0, 2_000], Gen.Byte, Gen.Int[0, 2_000]).Sample((image, at, value, length) =>
        {
            var bytes = images[image].ToArray();
            bytes[at % bytes.Length] = value;
            ImageSignals.Of(bytes);
            ImageSignals.Of(bytes.AsMemory(0, length % bytes.Length));
        }, iter: 2_000);
    }

    private static (byte, byte[]) Extended(int offset, byte[] part) => (0xE1,
    [
        .. "http://ns.adobe.com/xmp/extension/\0"u8, .. "0123456789ABCDEF0123456789ABCDEF"u8,
        .. ImageFiles.U32(Packet.Length), .. ImageFiles.U32(offset), .. part,
    ]);

    private static byte[] Xmp(string description) => Encoding.UTF8.GetBytes($"""
        <x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'
        xmlns:plus='http://ns.useplus.org/ldf/xmp/1.0/'>{description}</rdf:RDF></x:xmpmeta>
        """);

    private static byte[] Deflated(byte[] bytes)
    {
        var deflated = new MemoryStream();
        using (var stream = new ZLibStream(deflated, CompressionLevel.Fastest))
            stream.Write(bytes);
        return deflated.ToArray();
    }
}
