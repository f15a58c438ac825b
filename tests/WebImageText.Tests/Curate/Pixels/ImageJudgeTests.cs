using System.Buffers.Binary;
using System.Text.Json;
using NetVips;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Curate.Pixels;

public class ImageJudgeTests
{
    private static readonly ImageJudge Judge = new(new ImageOptions());

    public static TheoryData<bool> Codecs => OddImages.Codecs();

    [Theory, MemberData(nameof(Codecs))]
    public void A_photograph_is_kept_as_jpeg(bool useTurbo)
    {
        var bytes = OddImages.Jpeg(OddImages.Scene(1600, 1200));

        var kept = Kept(bytes, useTurbo: useTurbo);

        Assert.Equal((683, 512, 1600, 1200),
            (kept.Facts.Width, kept.Facts.Height, kept.Facts.OriginalWidth, kept.Facts.OriginalHeight));
        Assert.Equal(ImageKind.Jpeg, ImageKinds.Of(kept.Stored.Span));
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), kept.Facts.Sha256);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(kept.Stored.Span)), kept.Facts.StoredSha256);
        Assert.Null(kept.Facts.Exif);
        Assert.True(Shows(kept.Stored, 0, 1, 2, 3));
    }

    [Fact]
    public void A_smaller_image_keeps_its_size() =>
        Assert.Equal((OddImages.Width, OddImages.Height), (Kept(OddImages.Jpeg()).Facts.Width, Kept(OddImages.Jpeg()).Facts.Height));

    [Fact]
    public void Both_codecs_see_the_same_pixels()
    {
        if (!TurboJpeg.IsPresent)
            Assert.Skip("libturbojpeg is missing: there is one codec only");
        foreach (var bytes in new[] { OddImages.Jpeg(), OddImages.Jpeg(progressive: true), OddImages.Jpeg(OddImages.Scene(2400, 2100)) })
        {
            var (turbo, vips) = (Kept(bytes).Facts, Kept(bytes, useTurbo: false).Facts);

            Assert.Equal((turbo.PixelHash, turbo.Pdq, turbo.PdqQuality), (vips.PixelHash, vips.Pdq, vips.PdqQuality));
        }
    }

    [Theory]
    [InlineData("", "no bytes")]
    [InlineData("<html>not found</html>", "begins with 3c68746d6c3e6e6f")]
    [InlineData("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "svg is not supported")]
    [InlineData("\0\0\0\u0018ftypheic\0\0\0\0mif1heic", "heic is not supported")]
    [InlineData("BM............................", "bmp is not supported")]
    public void What_is_not_decoded_here_is_named(string bytes, string detail)
    {
        var dropped = Dropped(System.Text.Encoding.Latin1.GetBytes(bytes));

        Assert.Equal(new Drop(DropReason.NotAnImage, detail), dropped.Drop);
        Assert.Null(dropped.Facts);
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_truncated_image_is_undecodable(bool useTurbo)
    {
        using var scene = OddImages.Scene();
        byte[][] whole =
        [
            OddImages.Jpeg(scene), OddImages.Jpeg(scene, progressive: true), OddImages.Jpeg(scene, restart: 8), scene.PngsaveBuffer(),
            scene.PngsaveBuffer(interlace: true), scene.WebpsaveBuffer(), scene.WebpsaveBuffer(lossless: true),
            scene.GifsaveBuffer(), scene.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1), scene.TiffsaveBuffer(),
        ];
        foreach (var bytes in whole)
        {
            Assert.IsType<ImageVerdict.Kept>(Judged(bytes, useTurbo: useTurbo));
            for (var point = 1; point <= 20; point++)
            {
                var cut = bytes[..(bytes.Length * point / 21)];
                Assert.True(Judged(cut, useTurbo: useTurbo) is ImageVerdict.Dropped { Drop.Reason: DropReason.Undecodable },
                    $"{ImageKinds.Of(bytes)}, {cut.Length} of {bytes.Length} bytes");
            }
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_jpeg_without_its_last_bytes_or_with_a_hole_is_undecodable(bool useTurbo)
    {
        foreach (var bytes in new[] { OddImages.Jpeg(), OddImages.Jpeg(progressive: true), OddImages.Jpeg(restart: 8) })
        {
            var (third, half) = (bytes.Length / 3, bytes.Length / 2);

            Assert.Equal(DropReason.Undecodable, Dropped(bytes[..^2], useTurbo: useTurbo).Drop.Reason);
            Assert.Equal(DropReason.Undecodable, Dropped([.. bytes[..half], .. bytes[(half + 400)..]], useTurbo: useTurbo).Drop.Reason);
            Assert.Equal(DropReason.Undecodable, Dropped([.. bytes[..third], .. new byte[200], .. bytes[third..]], useTurbo: useTurbo).Drop.Reason);
        }
    }

    [Fact]
    public void Sizes_are_refused_from_the_header_alone()
    {
        var small = Dropped(Header(640, 150));
        var long_ = Dropped(Header(1000, 300));
        var huge = Dropped(Header(30_000, 30_000));
        var wide = Dropped(Header(70_000, 400));

        Assert.Equal("too_small (640x150, least 200)", small.Drop.ToString());
        Assert.Equal((640, 150, 0, 64), (small.Facts!.OriginalWidth, small.Facts.OriginalHeight, small.Facts.Width, small.Facts.Sha256.Length));
        Assert.Equal("bad_aspect_ratio (1000x300, most 3)", long_.Drop.ToString());
        Assert.Equal("too_many_pixels (30000x30000)", huge.Drop.ToString());
        Assert.Equal("too_many_pixels (70000x400)", wide.Drop.ToString());
    }

    [Fact]
    public void A_file_of_too_few_bytes_is_not_decoded() => Assert.Equal("too_small (4 bytes, least 5000)",
        Assert.IsType<ImageVerdict.Dropped>(Judged([1, 2, 3, 4], new ImageOptions { MinBytes = 5_000 })).Drop.ToString());

    [Theory, MemberData(nameof(Codecs))]
    public void A_progressive_jpeg_that_cannot_be_held_is_refused_in_words_that_say_so(bool useTurbo)
    {
        var bytes = OddImages.Jpeg(progressive: true);
        var frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC2]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), 9_000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), 10_000);

        Assert.Matches(@"^too_many_pixels \(10000x9000, which a decoder of progressive jpeg holds as a whole: \d+ MB, most 200\)$", Dropped(bytes, useTurbo: useTurbo).Drop.ToString());
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_jpeg_that_claims_60000_pixels_a_side_is_refused(bool useTurbo)
    {
        var bytes = OddImages.Jpeg();
        var frame = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 5), 60_000);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(frame + 7), 60_000);

        Assert.Equal(DropReason.TooManyPixels, Dropped(bytes, useTurbo: useTurbo).Drop.Reason);
    }

    [Theory]
    [InlineData(1, 0, 1, 2, 3)]
    [InlineData(2, 1, 0, 3, 2)]
    [InlineData(3, 3, 2, 1, 0)]
    [InlineData(4, 2, 3, 0, 1)]
    [InlineData(5, 0, 2, 1, 3)]
    [InlineData(6, 2, 0, 3, 1)]
    [InlineData(7, 3, 1, 2, 0)]
    [InlineData(8, 1, 3, 0, 2)]
    public void Exif_orientation_is_applied(int orientation, int upperLeft, int upperRight, int lowerLeft, int lowerRight)
    {
        var bytes = OddImages.Jpeg(exif: OddImages.Exif(orientation));
        using var upright = Image.NewFromBuffer(bytes).Autorot();
        foreach (var useTurbo in new[] { true, false }.Where(turbo => !turbo || TurboJpeg.IsPresent))
        {
            var kept = Kept(bytes, useTurbo: useTurbo);

            Assert.Equal((upright.Width, upright.Height), (kept.Facts.Width, kept.Facts.Height));
            Assert.Equal((upright.Width, upright.Height), (kept.Facts.OriginalWidth, kept.Facts.OriginalHeight));
            Assert.True(Shows(kept.Stored, upperLeft, upperRight, lowerLeft, lowerRight));
        }
    }

    [Fact]
    public void Alpha_lies_on_white()
    {
        using var scene = OddImages.Scene();
        using var half = scene.Bandjoin(Image.Black(OddImages.Width, OddImages.Height) + 255).CopyMemory();
        using var clear = scene.Bandjoin(Image.Black(OddImages.Width, OddImages.Height)).CopyMemory();
        foreach (var (opaque, transparent) in new[]
            { (half.PngsaveBuffer(), clear.PngsaveBuffer()), (half.WebpsaveBuffer(q: 95), clear.WebpsaveBuffer(lossless: true, exact: true)) })
        {
            Assert.True(Shows(Kept(opaque).Stored, 0, 1, 2, 3));
            Assert.True(OddImages.Near(OddImages.Corner(Kept(transparent).Stored, 0), (255, 255, 255), 2));
        }
    }

    [Fact]
    public void Every_depth_and_palette_shows_the_same_picture()
    {
        using var scene = OddImages.Scene();
        using var deep = scene.Colourspace(Enums.Interpretation.Rgb16);
        byte[][] colour =
        [
            deep.PngsaveBuffer(), scene.PngsaveBuffer(palette: true, q: 100), scene.PngsaveBuffer(interlace: true),
            scene.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Lzw), deep.TiffsaveBuffer(), scene.GifsaveBuffer(),
            scene.WebpsaveBuffer(q: 95), scene.WebpsaveBuffer(lossless: true),
            scene.HeifsaveBuffer(q: 90, compression: Enums.ForeignHeifCompression.Av1), OddImages.Jpeg(progressive: true),
        ];
        foreach (var bytes in colour)
        {
            var kept = Kept(bytes);
            Assert.True(Shows(kept.Stored, 0, 1, 2, 3), $"{ImageKinds.Of(bytes)} of {bytes.Length} bytes: {OddImages.Corner(kept.Stored, 0)}");
            Assert.Equal(OddImages.Width, kept.Facts.Width);
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void Grey_stays_grey(bool useTurbo)
    {
        using var grey = OddImages.Scene().Colourspace(Enums.Interpretation.Bw).CopyMemory();
        using var withAlpha = grey.Bandjoin(Image.Black(OddImages.Width, OddImages.Height) + 255).CopyMemory();
        foreach (var bytes in new[] { grey.JpegsaveBuffer(), grey.PngsaveBuffer(), grey.PngsaveBuffer(bitdepth: 1), withAlpha.PngsaveBuffer() })
        {
            var (r, g, b) = OddImages.Corner(Kept(bytes, useTurbo: useTurbo).Stored, 1);
            Assert.True(Math.Abs(r - g) <= 2 && Math.Abs(g - b) <= 2, $"({r}, {g}, {b})");
        }
    }

    [Theory, MemberData(nameof(Codecs))]
    public void Inks_become_colours(bool useTurbo)
    {
        using var inks = OddImages.Scene().IccTransform("cmyk").CopyMemory();

        var kept = Kept(inks.JpegsaveBuffer(q: 95), useTurbo: useTurbo);

        // Paper cannot show pure red or green; the hues stay.
        var (r, g, b) = OddImages.Corner(kept.Stored, 0);
        Assert.True(r > 150 && g < 90 && b < 90, $"({r}, {g}, {b})");
        (r, g, b) = OddImages.Corner(kept.Stored, 3);
        Assert.True(r > 180 && g > 170 && b < 120, $"({r}, {g}, {b})");
    }

    [Theory, MemberData(nameof(Codecs))]
    public void A_wide_profile_is_brought_to_srgb(bool useTurbo)
    {
        // The same colours, written as Display P3 numbers.
        using var wide = OddImages.Scene().IccTransform("p3", inputProfile: "srgb");
        Assert.False(OddImages.Near(((int)wide.Getpoint(2, 2)[0], (int)wide.Getpoint(2, 2)[1], (int)wide.Getpoint(2, 2)[2]),
            OddImages.Corners[0]));
        foreach (var bytes in new[] { OddImages.Jpeg(wide, quality: 95), wide.PngsaveBuffer(), wide.WebpsaveBuffer(lossless: true) })
            Assert.True(Shows(Kept(bytes, useTurbo: useTurbo).Stored, 0, 1, 2, 3));
    }

    [Theory, MemberData(nameof(Codecs))]
    public void An_srgb_or_broken_profile_changes_nothing(bool useTurbo)
    {
        var plain = OddImages.Jpeg();
        using var tagged = OddImages.Scene().IccTransform("srgb", inputProfile: "srgb");
        var profile = (byte[])tagged.Get("icc-profile-data");
        var broken = OddImages.WithSegment(plain, 0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. profile[..200]]);
        var srgb = OddImages.WithSegment(plain, 0xE2, [.. "ICC_PROFILE\0"u8, 1, 1, .. profile]);

        Assert.True(SrgbProfile.Is(profile));
        Assert.Equal(Kept(plain).Facts.PixelHash, Kept(broken, useTurbo: useTurbo).Facts.PixelHash);
        Assert.Equal(Kept(plain).Facts.PixelHash, Kept(srgb, useTurbo: useTurbo).Facts.PixelHash);
    }

    [Fact]
    public void An_animation_gives_its_first_frame()
    {
        using var scene = OddImages.Scene();
        using var second = scene.Invert().CopyMemory();
        using var frames = Image.Arrayjoin([scene, second], across: 1).Mutate(image => image.Set(GValue.GIntType, "page-height", OddImages.Height));
        foreach (var bytes in new[] { frames.GifsaveBuffer(), frames.WebpsaveBuffer(q: 95) })
        {
            var kept = Kept(bytes);
            Assert.Equal(OddImages.Height, kept.Facts.OriginalHeight);
            Assert.True(Shows(kept.Stored, 0, 1, 2, 3));
        }
    }

    [Fact]
    public void Copies_that_differ_in_container_or_metadata_have_one_pixel_hash()
    {
        using var scene = OddImages.Scene();
        var png = Kept(scene.PngsaveBuffer()).Facts;
        var jpeg = OddImages.Jpeg();

        Assert.Equal(png.PixelHash, Kept(scene.WebpsaveBuffer(lossless: true)).Facts.PixelHash);
        Assert.Equal(png.PixelHash, Kept(scene.TiffsaveBuffer()).Facts.PixelHash);
        Assert.Equal(Kept(jpeg).Facts.PixelHash, Kept(OddImages.WithSegment(jpeg, 0xFE, "a comment"u8.ToArray())).Facts.PixelHash);
        using var decoded = Image.NewFromBuffer(jpeg);
        Assert.Equal(Kept(jpeg).Facts.PixelHash, Kept(decoded.PngsaveBuffer()).Facts.PixelHash);
        Assert.NotEqual(png.PixelHash, Kept(jpeg).Facts.PixelHash);
        using var turned = scene.Rot270();
        using var flagged = turned.Mutate(image => image.Set(GValue.GIntType, "orientation", 6));
        Assert.Equal(png.PixelHash, Kept(flagged.PngsaveBuffer()).Facts.PixelHash);
    }

    [Fact]
    public void Skip_reencode_keeps_the_bytes_of_an_image_that_needs_no_change()
    {
        var options = new ImageOptions { SkipReencode = true };
        var plain = OddImages.Jpeg();

        Assert.True(Kept(plain, options).Stored.Span.SequenceEqual(plain));
        Assert.False(Kept(OddImages.Jpeg(exif: OddImages.Exif(6)), options).Stored.Span.SequenceEqual(OddImages.Jpeg(exif: OddImages.Exif(6))));
        var png = OddImages.Scene().PngsaveBuffer();
        Assert.Equal(ImageKind.Jpeg, ImageKinds.Of(Kept(png, options).Stored.Span));
    }

    [Theory]
    [InlineData(StoredFormat.Png, ImageKind.Png)]
    [InlineData(StoredFormat.Webp, ImageKind.Webp)]
    public void Other_formats_can_be_stored(StoredFormat format, object kind)
    {
        var kept = Kept(OddImages.Jpeg(), new ImageOptions { Format = format });

        Assert.Equal(kind, ImageKinds.Of(kept.Stored.Span));
        Assert.True(Shows(kept.Stored, 0, 1, 2, 3));
    }

    [Fact]
    public void Stored_images_carry_no_metadata()
    {
        var bytes = OddImages.Jpeg(exif: OddImages.Exif(location: true));

        var kept = Kept(bytes);

        Assert.Equal("""{"Image Make":"Lens \u0026 Co","Image Orientation":"Horizontal (normal)"}""", kept.Facts.Exif);
        Assert.True(JpegHeader.Read(kept.Stored)!.Exif.IsEmpty);
        Assert.Contains("GPS GPSLatitudeRef", Kept(bytes, new ImageOptions { KeepLocation = true }).Facts.Exif);
        Assert.Null(Kept(bytes, new ImageOptions { ExtractExif = false }).Facts.Exif);
    }

    [Fact]
    public void Broken_bytes_never_throw()
    {
        using var scene = OddImages.Scene(256, 208);
        byte[][] seeds =
        [
            OddImages.Jpeg(scene, OddImages.Exif(6, location: true)), OddImages.Jpeg(scene, progressive: true), scene.PngsaveBuffer(),
            scene.WebpsaveBuffer(), scene.GifsaveBuffer(), scene.TiffsaveBuffer(),
            scene.HeifsaveBuffer(effort: 0, compression: Enums.ForeignHeifCompression.Av1),
        ];
        var random = new Random(5);
        foreach (var seed in seeds)
            for (var round = 0; round < 40; round++)
            {
                var bytes = (byte[])seed.Clone();
                var reach = round % 2 == 0 ? Math.Min(bytes.Length, 200) : bytes.Length;
                for (var change = 0; change <= round % 5; change++)
                    bytes[random.Next(reach)] = (byte)random.Next(256);
                Judged(bytes, useTurbo: round % 3 > 0 && TurboJpeg.IsPresent);
            }
    }

    [Fact]
    public void Many_threads_get_the_answers_of_one()
    {
        byte[][] all = [.. Enumerable.Range(0, 24).Select(at => at % 3 == 0
            ? OddImages.Scene(300 + at, 220).PngsaveBuffer()
            : OddImages.Jpeg(OddImages.Scene(300 + at, 220), OddImages.Exif(1 + at % 8)))];
        var alone = all.Select(bytes => Kept(bytes).Facts).ToArray();

        var together = new PictureFacts[all.Length];
        Parallel.For(0, all.Length, at => together[at] = Kept(all[at]).Facts);

        Assert.Equal(alone, together);
    }

    [Theory, MemberData(nameof(Codecs))]
    public void The_photo_web_is_judged_right(bool useTurbo)
    {
        var root = Path.GetDirectoryName(SharedData.Require("photo-web/expected.json"))!;
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(root, "expected.json")));
        var hashes = new Dictionary<string, HashSet<(string, UInt128)>>();
        foreach (var row in expected.RootElement.EnumerateArray())
        {
            var (status, url) = (row.GetProperty("status").GetString()!, row.GetProperty("url").GetString()!);
            if (status == "http_404")
                continue;

            var verdict = Judged(File.ReadAllBytes(Path.Combine(root, "hosts", url["http://".Length..])), useTurbo: useTurbo);

            var word = verdict is ImageVerdict.Dropped dropped ? dropped.Drop.Reason.Word() : "kept";
            // Web pages that are served under the name of an image stand in the answer as undecodable.
            Assert.True(word == status || word == "not_an_image" && status == "undecodable"
                || word == "kept" && status is not ("undecodable" or "too_small" or "bad_aspect_ratio"), $"{url}: {word}, not {status}");
            if (verdict is ImageVerdict.Kept kept && status is "keep" or "exact_duplicate")
                hashes.TryAdd(row.GetProperty("wnid").GetString()!, []);
            if (verdict is ImageVerdict.Kept { Facts: var facts } && status is "keep" or "exact_duplicate")
                hashes[row.GetProperty("wnid").GetString()!].Add((facts!.Sha256, facts.PixelHash));
        }
        Assert.Equal(350, hashes.Count);
        Assert.All(hashes.Values, same => Assert.Single(same)); // a copy has the hashes of its original
    }

    private static ImageVerdict Judged(byte[] bytes, ImageOptions? options = null, bool? useTurbo = null) =>
        options is null && useTurbo is null ? Judge.Judge(bytes)
        : new ImageJudge(options ?? new(), useTurbo ?? TurboJpeg.IsPresent).Judge(bytes);

    private static ImageVerdict.Kept Kept(byte[] bytes, ImageOptions? options = null, bool? useTurbo = null) =>
        Judged(bytes, options, useTurbo) switch
        {
            ImageVerdict.Kept kept => kept,
            ImageVerdict.Dropped dropped => throw new Xunit.Sdk.XunitException($"dropped: {dropped.Drop}"),
            _ => throw new InvalidOperationException(),
        };

    private static ImageVerdict.Dropped Dropped(byte[] bytes, bool? useTurbo = null) =>
        Assert.IsType<ImageVerdict.Dropped>(Judged(bytes, null, useTurbo));

    private static bool Shows(ReadOnlyMemory<byte> stored, params int[] corners) =>
        Enumerable.Range(0, 4).All(at => OddImages.Near(OddImages.Corner(stored, at), OddImages.Corners[corners[at]]));

    // A PNG that ends after its header.
    private static byte[] Header(int width, int height)
    {
        var png = OddImages.Scene(16, 16).PngsaveBuffer();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), System.IO.Hashing.Crc32.HashToUInt32(png.AsSpan(12, 17)));
        return png;
    }
}
