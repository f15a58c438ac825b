using System.Globalization;
using NetVips;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// Bytes from anywhere to upright 8-bit sRGB pixels. The header is read first, and an image outside the limits is refused before
/// a pixel is decoded; then there is one decode. Safe for many threads at once.
/// </summary>
internal sealed class PictureDecoder(ImageOptions options, bool useTurbo)
{
    // More pixels than this are decoded one image at a time: the memory of a machine does not grow with its threads.
    private const int BigPixels = 16_000_000;

    private static readonly Lock Big = new();

    /// <summary>A decoder with the best codecs of this machine.</summary>
    public PictureDecoder(ImageOptions options) : this(options, TurboJpeg.IsPresent) { }

    /// <summary>Decodes the first frame of an image.</summary>
    public Decoded Decode(ReadOnlyMemory<byte> bytes)
    {
        var kind = ImageKinds.Of(bytes.Span);
        if (!ImageKinds.IsDecoded(kind))
            return new Decoded.Refused(new(DropReason.NotAnImage, NotDecoded(kind, bytes.Span)));
        try
        {
            return kind == ImageKind.Jpeg ? DecodeJpeg(bytes) : DecodeOther(kind, bytes);
        }
        catch (VipsException broken)
        {
            return Undecodable(broken.Message);
        }
    }

    private Decoded DecodeJpeg(ReadOnlyMemory<byte> bytes)
    {
        if (JpegHeader.Read(bytes) is not { } header)
            return Undecodable("a JPEG without a frame");
        var needed = DecoderMemory.Of(bytes.Span, header);
        if ((Limit(header.Width, header.Height) ?? DecoderMemory.Judge(ImageKind.Jpeg, header.Width, header.Height, needed)) is { } drop)
            return new Decoded.Refused(drop, header.Width, header.Height);
        var orientation = Exif.OrientationOf(header.Exif);
        var shrink = Fit.Shrink(header.Width, header.Height, options);
        var isSrgb = header.Profile.IsEmpty || SrgbProfile.Is(header.Profile.Span);
        var matrix = header.Components == 3 && !isSrgb ? MatrixProfile.Read(header.Profile.Span) : null;
        return Bounded(header.Width, header.Height, needed, () =>
        {
            if (!useTurbo)
            {
                if (JpegScanCheck.Find(bytes) is { } torn)
                    return Undecodable(torn);
                using var opened = Vips.Open(ImageKind.Jpeg, bytes, shrink);
                return Picture(Vips.Decode(opened, 1, ignoreProfile: matrix is not null), header.Width, header.Height);
            }
            var bands = header.Components is 1 or 3 ? header.Components : 4;
            if (bands == 1 && isSrgb)
                bands = 3; // the decoder copies grey into all three
            var (width, height) = (TurboJpeg.Shrunk(header.Width, shrink), TurboJpeg.Shrunk(header.Height, shrink));
            if (bands == 3 && (isSrgb || matrix is not null))
            {
                var raster = new Raster(width, height);
                if (TurboJpeg.Decode(bytes.Span, header, shrink, bands, raster.Whole) is not { } wrong)
                    return Picture(raster, header.Width, header.Height);
                raster.Dispose();
                return Undecodable(wrong);
            }
            var samples = GC.AllocateUninitializedArray<byte>(width * height * bands);
            if (TurboJpeg.Decode(bytes.Span, header, shrink, bands, samples) is { } broken)
                return Undecodable(broken);
            if (bands == 4 && header.IsAdobe)
                Invert(samples);
            return Picture(Vips.ToSrgb(samples, width, height, bands, header.Profile), header.Width, header.Height);
        });

        Decoded Picture(Raster raster, int width, int height)
        {
            matrix?.Apply(raster);
            return new Decoded.Picture(
                Upright.Turn(raster, orientation), ImageKind.Jpeg, Upright.Swaps(orientation) ? height : width,
                Upright.Swaps(orientation) ? width : height, shrink,
                orientation == 1 && header.Components != 4 && header.Profile.IsEmpty, header.Exif);
        }
    }

    private Decoded DecodeOther(ImageKind kind, ReadOnlyMemory<byte> bytes)
    {
        using var opened = Vips.Open(kind, bytes);
        var (width, height) = (opened.Width, opened.Height);
        var samples = opened.Bands * (opened.Format == Enums.BandFormat.Uchar ? 1 : opened.Format is Enums.BandFormat.Ushort or Enums.BandFormat.Short ? 2 : 8);
        var needed = DecoderMemory.Of(kind, bytes.Span, width, height, samples);
        if ((Limit(width, height) ?? DecoderMemory.Judge(kind, width, height, needed)) is { } drop)
            return new Decoded.Refused(drop, width, height);
        var shrink = Fit.Shrink(width, height, options);
        var orientation = opened.Contains("orientation") && opened.Get("orientation") is int and >= 1 and <= 8 and var value ? (int)value : 1;
        ReadOnlyMemory<byte> exif = Vips.Blob(opened, "exif-data");
        if (exif.Span.StartsWith("Exif\0\0"u8))
            exif = exif[6..];
        var isPlain = orientation == 1 && !opened.Contains("n-pages") && !opened.Contains("icc-profile-data") && opened.Bands == 3
            && opened.Format == Enums.BandFormat.Uchar;
        return Bounded(width, height, needed, () => Upright.Swaps(orientation)
            ? new Decoded.Picture(Upright.Turn(Pixels(), orientation), kind, height, width, shrink, isPlain, exif)
            : new Decoded.Picture(Upright.Turn(Pixels(), orientation), kind, width, height, shrink, isPlain, exif));

        Raster Pixels()
        {
            if (kind != ImageKind.Webp || shrink == 1)
                return Vips.Decode(opened, shrink);
            // Its decoder holds the whole picture, unless it makes it smaller itself.
            using var smaller = Vips.Open(kind, bytes, shrink);
            return Vips.Decode(smaller, 1);
        }
    }

    private Drop? Limit(int width, int height)
    {
        var (shorter, longer) = (Math.Min(width, height), Math.Max(width, height));
        return longer > options.MaxSide || (long)width * height > options.MaxPixels
                ? new(DropReason.TooManyPixels, $"{width}x{height}")
            : shorter < options.MinShorterSide ? new(DropReason.TooSmall, $"{width}x{height}, least {options.MinShorterSide}")
            : longer > shorter * options.MaxAspectRatio
                ? new(DropReason.BadAspectRatio, string.Create(CultureInfo.InvariantCulture, $"{width}x{height}, most {options.MaxAspectRatio}"))
            : null;
    }

    private static Decoded Bounded(int width, int height, long needed, Func<Decoded> decode)
    {
        if ((long)width * height <= BigPixels)
            return decode();
        lock (Big)
        {
            DecoderMemory.MakeRoom(needed);
            return decode();
        }
    }

    private static Decoded.Refused Undecodable(string why)
    {
        var line = why.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        return new(new(DropReason.Undecodable, line.Length > 200 ? line[..200] : line));
    }

    private static string NotDecoded(ImageKind kind, ReadOnlySpan<byte> bytes) => kind != ImageKind.Unknown
        ? $"{kind.ToString().ToLowerInvariant()} is not supported"
        : bytes.IsEmpty ? "no bytes"
        : $"begins with {Convert.ToHexStringLower(bytes[..Math.Min(bytes.Length, 8)])}";

    private static void Invert(Span<byte> samples)
    {
        for (var at = 0; at < samples.Length; at++)
            samples[at] = (byte)~samples[at];
    }
}
