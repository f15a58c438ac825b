using System.Text;
using NetVips;

namespace WebImageText.Tests.Hostile;

/// <summary>Pictures that are none, are broken, or blow up in a decoder.</summary>
internal static class ImageThreats
{
    /// <summary>Sides of the largest picture that the limits let pass.</summary>
    private const int Side = 9_990;

    private const string Laughs = """
        <?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
        <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY x SYSTEM "file:///etc/passwd">]>
        <svg xmlns="http://www.w3.org/2000/svg" width="400" height="400"><text>&d;&x;</text></svg>
        """;

    public static IEnumerable<Threat> All()
    {
        var good = HostileImages.Good();
        return
        [
            // Much in little.
            Of("png-bomb", HostileImages.Png(50_000, 50_000, 50_000 / 20), "too_many_pixels"),
            Of("png-sides", HostileImages.Png(int.MaxValue, int.MaxValue, 0), "too_many_pixels", "undecodable"),
            Of("png-lie", HostileImages.Png(4_000, 4_000, 10), "undecodable"),
            Of("png-text", HostileImages.Png(300, 300, 300, HostileImages.PngBomb("zTXt", 200_000_000)), Threat.Kept, "undecodable"),
            Of("png-profile", HostileImages.Png(310, 300, 300, HostileImages.PngBomb("iCCP", 200_000_000)), Threat.Kept, "undecodable", "near_duplicate"),
            Of("png-chunk", [.. HostileImages.Png(300, 300, 300)[..33], 0x7F, 0xFF, 0xFF, 0xFF, .. "IDAT"u8], "undecodable"),
            Of("jpeg-sides", HostileImages.JpegOf(65_500, 65_500), "too_many_pixels"),
            Of("jpeg-lie", HostileImages.JpegOf(9_900, 9_900), "undecodable"),
            Of("jpeg-none", HostileImages.JpegOf(0, 0), "undecodable", "too_small"),
            Of("webp-canvas", HostileImages.WebpCanvas(), "too_many_pixels", "undecodable"),
            Of("tiff-huge", HostileImages.TiffHuge(), "too_many_pixels", "undecodable"),
            Of("gif-flood", HostileImages.GifFlood(100_000), Threat.Kept),
            Of("large-jpeg", HostileImages.Large(Side, Side, image => image.JpegsaveBuffer(q: 20)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("large-progressive", HostileImages.Large(Side, Side - 10, image => image.JpegsaveBuffer(q: 20, interlace: true)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("large-png", HostileImages.Large(Side, Side - 20, image => image.PngsaveBuffer(compression: 1)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("large-interlaced", HostileImages.Large(Side, Side - 30, image => image.PngsaveBuffer(compression: 1, interlace: true)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("large-444", HostileImages.Large(Side, Side - 50, image => image.JpegsaveBuffer(q: 20, interlace: true, subsampleMode: Enums.ForeignSubsample.Off)), "too_many_pixels"),
            Of("large-lossless", HostileImages.Large(Side, Side - 60, image => image.WebpsaveBuffer(lossless: true, effort: 0)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("large-gif", HostileImages.Large(Side, Side - 70, image => image.GifsaveBuffer(effort: 1)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("fitting-gif", HostileImages.Large(6_300, 6_300, image => image.GifsaveBuffer(effort: 1)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("fitting-lossless", HostileImages.Large(7_000, 6_990, image => image.WebpsaveBuffer(lossless: true, effort: 0)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("fitting-tiff", HostileImages.Large(8_100, 8_080, image => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate, tile: false)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),
            Of("large-webp", HostileImages.Large(Side, Side - 40, image => image.WebpsaveBuffer(q: 1, effort: 0)), Threat.Kept, "near_duplicate", "exact_duplicate", "too_many_pixels"),

            Of("fitting-progressive", HostileImages.Large(8_000, 8_000, image => image.JpegsaveBuffer(q: 20, interlace: true)), Threat.Kept, "near_duplicate", "exact_duplicate"),

            // Broken.
            Of("empty", [], "undecodable", "not_an_image"),
            Of("cut", good[..(good.Length / 2)], "undecodable"),
            Of("cut-in-head", good[..300], "undecodable"),
            Of("head-only", good[..4], "undecodable"),
            Of("png-cut", Saved(image => image.PngsaveBuffer())[..^2_000], "undecodable"),
            Of("webp-cut", Saved(image => image.WebpsaveBuffer())[..^2_000], "undecodable"),
            Of("gif-cut", Saved(image => image.GifsaveBuffer())[..^2_000], "undecodable"),
            Of("zeros", new byte[40_000], "undecodable"),
            .. Enumerable.Range(0, 24).Select(seed => Of($"fuzz-{seed}", HostileImages.Fuzzed(seed), Threat.Kept, "undecodable", "near_duplicate", "too_small", "bad_aspect_ratio", "too_many_pixels", "not_an_image", "opted_out")),

            // Something else.
            Of("svg-laughs", Encoding.UTF8.GetBytes(Laughs), "undecodable"),
            Of("zip", [.. "PK\x3\x4"u8, .. new byte[4_000]], "undecodable"),
            Of("program", [.. "MZ"u8, .. new byte[4_000]], "undecodable"),
            Of("pdf", "%PDF-1.7\n1 0 obj\n"u8.ToArray(), "undecodable"),
            Of("script", "GIF89a/*\0\0*/=1;alert(1)//"u8.ToArray(), "undecodable", "too_small", "bad_aspect_ratio", "too_many_pixels"),
            new("page", Wire.Page("<!doctype html><title>Not a picture</title>"), "not_an_image"),
            // A picture with something behind it: what is stored is the picture alone.
            Of("tail", [.. HostileImages.Good(), .. "<script>alert(1)</script>PK\x3\x4"u8], Threat.Kept),
        ];
    }

    private static Threat Of(string name, byte[] file, params string[] outcomes) => new($"image-{name}", Wire.File(file), outcomes);

    private static byte[] Saved(Func<Image, byte[]> save)
    {
        using var image = Image.NewFromBuffer(HostileImages.Good());
        return save(image);
    }
}
