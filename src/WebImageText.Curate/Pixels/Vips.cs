using System.Runtime.InteropServices;
using NetVips;

namespace WebImageText.Curate.Pixels;

/// <summary>libvips: every format but JPEG, JPEG where libturbojpeg is missing, and colour profiles.</summary>
internal static class Vips
{
    private static readonly double[] White = [255, 255, 255];

    /// <summary>
    /// One thread an operation (images are what runs in parallel), no cache of operations, no loader that libvips calls unsafe
    /// for bytes of unknown origin, and no warnings on standard error.
    /// </summary>
    static Vips()
    {
        NetVips.NetVips.Concurrency = 1;
        NetVips.NetVips.BlockUntrusted = true;
        Cache.Max = 0;
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Message | Enums.LogLevelFlags.Info, (_, _, _) => { });
    }

    /// <summary>Its version, for example <c>8.18.7</c>.</summary>
    public static string Version => $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";

    /// <summary>Reads the header; pixels follow when they are asked for.</summary>
    /// <param name="kind">Of the file.</param>
    /// <param name="bytes">The whole file.</param>
    /// <param name="shrink">JPEG and WebP: the decoder makes both sides so many times smaller.</param>
    /// <exception cref="VipsException">The header is broken.</exception>
    public static Image Open(ImageKind kind, ReadOnlyMemory<byte> bytes, int shrink = 1)
    {
        var whole = Array(bytes);
        const Enums.Access Once = Enums.Access.Sequential;
        const Enums.FailOn Any = Enums.FailOn.Warning;
        return kind switch
        {
            ImageKind.Jpeg => Image.JpegloadBuffer(whole, shrink: shrink, access: Once, failOn: Any),
            ImageKind.Png => Image.PngloadBuffer(whole, access: Once, failOn: Any),
            ImageKind.Gif => Image.GifloadBuffer(whole, access: Once, failOn: Any),
            ImageKind.Webp => Image.WebploadBuffer(whole, scale: 1.0 / shrink, access: Once, failOn: Any),
            ImageKind.Avif => Image.HeifloadBuffer(whole, access: Once, failOn: Any),
            ImageKind.Tiff => Image.TiffloadBuffer(whole, access: Once, failOn: Any),
            _ => throw new ArgumentException($"{kind} is not decoded here.", nameof(kind)),
        };
    }

    /// <summary>Decodes an opened image: profile and inks to sRGB, alpha on white, 8 bits, then box-shrunk.</summary>
    /// <exception cref="VipsException">The pixels are broken.</exception>
    /// <param name="opened">From <see cref="Open"/>.</param>
    /// <param name="shrink">Box of so many pixels a side becomes one.</param>
    /// <param name="ignoreProfile">The samples are taken for sRGB, whatever the profile says.</param>
    public static Raster Decode(Image opened, int shrink, bool ignoreProfile = false)
    {
        using var colours = ToSrgb(opened, ignoreProfile);
        using var smaller = shrink > 1 ? colours.Shrink(shrink, shrink, ceil: true) : colours.Copy();
        return ToRaster(smaller);
    }

    /// <summary>Brings decoded samples to sRGB.</summary>
    /// <remarks>Samples have 8 bits: 1 band of grey, 3 of red green blue, or 4 of ink, 0 for none. The profile may be empty.</remarks>
    public static Raster ToSrgb(ReadOnlyMemory<byte> samples, int width, int height, int bands, ReadOnlyMemory<byte> profile)
    {
        using var image = Image.NewFromMemory(samples, width, height, bands, Enums.BandFormat.Uchar);
        using var named = image.Copy(interpretation: bands switch
        {
            1 => Enums.Interpretation.Bw,
            3 => Enums.Interpretation.Srgb,
            _ => Enums.Interpretation.Cmyk,
        });
        using var profiled = profile.IsEmpty
            ? named.Copy()
            : named.Mutate(image => image.Set(GValue.BlobType, "icc-profile-data", profile.ToArray()));
        using var colours = ToSrgb(profiled);
        return ToRaster(colours);
    }

    /// <summary>Encodes a raster without metadata.</summary>
    public static byte[] Encode(Raster raster, ImageOptions options)
    {
        var pixels = new ReadOnlyMemory<byte>(raster.Whole, 0, raster.RowLength * raster.Height);
        using var image = Image.NewFromMemory(pixels, raster.Width, raster.Height, 3, Enums.BandFormat.Uchar);
        using var named = image.Copy(interpretation: Enums.Interpretation.Srgb);
        return options.Format switch
        {
            StoredFormat.Jpg => named.JpegsaveBuffer(
                q: options.Quality, subsampleMode: Enums.ForeignSubsample.On, keep: Enums.ForeignKeep.None),
            StoredFormat.Png => named.PngsaveBuffer(compression: options.PngCompression, keep: Enums.ForeignKeep.None),
            _ => named.WebpsaveBuffer(q: options.Quality, keep: Enums.ForeignKeep.None),
        };
    }

    /// <summary>A block of metadata of an opened image, or empty.</summary>
    public static byte[] Blob(Image image, string name) => image.Contains(name) ? (byte[])image.Get(name) : [];

    private static Image ToSrgb(Image image, bool ignoreProfile = false)
    {
        using var colours = Colours(image, ignoreProfile ? [] : Blob(image, "icc-profile-data"));
        using var deep = colours.Format == Enums.BandFormat.Uchar ? colours.Copy() : colours.Cast(Enums.BandFormat.Uchar);
        using var opaque = deep.HasAlpha() ? deep.Flatten(background: White) : deep.Copy();
        return opaque.Bands switch
        {
            3 => opaque.Copy(),
            > 3 => opaque.ExtractBand(0, n: 3),
            _ => opaque[0].Bandjoin(opaque[0], opaque[0]),
        };
    }

    private static Image Colours(Image image, byte[] profile)
    {
        if (profile.Length > 0 && !SrgbProfile.Is(profile))
        {
            try
            {
                return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Relative);
            }
            catch (VipsException)
            {
                // A broken profile, or one of another colour space than the image's, is no profile.
            }
        }
        return image.Interpretation == Enums.Interpretation.Cmyk
            ? image.IccTransform("srgb", inputProfile: "cmyk", intent: Enums.Intent.Relative)
            : image.Interpretation == Enums.Interpretation.Srgb && image.Format == Enums.BandFormat.Uchar ? image.Copy()
            : image.Colourspace(Enums.Interpretation.Srgb);
    }

    private static unsafe Raster ToRaster(Image image)
    {
        var raster = new Raster(image.Width, image.Height);
        try
        {
            var pixels = image.WriteToMemory(out var length);
            try
            {
                new ReadOnlySpan<byte>((void*)pixels, checked((int)length)).CopyTo(raster.Pixels);
            }
            finally
            {
                NetVips.NetVips.Free(pixels);
            }
            return raster;
        }
        catch
        {
            raster.Dispose();
            throw;
        }
    }

    private static byte[] Array(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && part.Array is { } array && part.Offset == 0 && part.Count == array.Length
            ? array
            : bytes.ToArray();
}
