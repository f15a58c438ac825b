using System.Buffers;
using System.Runtime.InteropServices;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// libturbojpeg, where the system has it: 2.4 times as many images a CPU-second as libvips, and the only decoder here that
/// reports corrupt scans. Debian: libturbojpeg0.
/// </summary>
/// <remarks>TurboJPEG 2.1 or later; the functions used keep their form in 3.x.</remarks>
internal static unsafe class TurboJpeg
{
    private static readonly string[] Names = ["libturbojpeg.so.0", "libturbojpeg.dylib", "turbojpeg.dll"];

    private const int Rgb = 0, Gray = 6, Cmyk = 11;
    private const int AccurateDct = 4096, StopOnWarning = 8192, LimitScans = 32768, NoRealloc = 1024;
    private const int Chroma420 = 2;

    private static readonly nint Library = Load();
    private static readonly delegate* unmanaged<nint> InitDecompress = (delegate* unmanaged<nint>)Export("tjInitDecompress");
    private static readonly delegate* unmanaged<nint> InitCompress = (delegate* unmanaged<nint>)Export("tjInitCompress");
    private static readonly delegate* unmanaged<nint, int> Destroy = (delegate* unmanaged<nint, int>)Export("tjDestroy");
    private static readonly delegate* unmanaged<nint, byte*> GetErrorStr = (delegate* unmanaged<nint, byte*>)Export("tjGetErrorStr2");
    private static readonly delegate* unmanaged<int, int, int, CULong> BufSize =
        (delegate* unmanaged<int, int, int, CULong>)Export("tjBufSize");
    private static readonly delegate* unmanaged<nint, byte*, CULong, int*, int*, int*, int*, int> DecompressHeader =
        (delegate* unmanaged<nint, byte*, CULong, int*, int*, int*, int*, int>)Export("tjDecompressHeader3");
    private static readonly delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int> Decompress =
        (delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int>)Export("tjDecompress2");
    private static readonly delegate* unmanaged<nint, byte*, int, int, int, int, byte**, CULong*, int, int, int, int> Compress =
        (delegate* unmanaged<nint, byte*, int, int, int, int, byte**, CULong*, int, int, int, int>)Export("tjCompress2");

    /// <summary>The library was found.</summary>
    public static bool IsPresent => Library != 0;

    /// <summary>Its handle, for a look at where it came from.</summary>
    public static nint Handle => Library;

    /// <summary>Decodes a JPEG at 1/<paramref name="shrink"/> of its size, rounded up.</summary>
    /// <param name="jpeg">The whole file.</param>
    /// <param name="shrink">1, 2, 4 or 8: the decoder's other scales are slower than none.</param>
    /// <param name="bands">1 for grey, 3 for red green blue, 4 for inks as they are stored.</param>
    /// <param name="header">What the caller read; the buffer is as large as it says.</param>
    /// <param name="target">Holds width times height times bands, both shrunk.</param>
    /// <returns>What is wrong with the JPEG, or null.</returns>
    public static string? Decode(ReadOnlySpan<byte> jpeg, JpegHeader header, int shrink, int bands, byte[] target)
    {
        var handle = InitDecompress();
        try
        {
            fixed (byte* from = jpeg, to = target)
            {
                int width, height, sampling, space;
                if (DecompressHeader(handle, from, new((nuint)jpeg.Length), &width, &height, &sampling, &space) != 0)
                    return Error(handle);
                if (width != header.Width || height != header.Height)
                    return $"two frames: {header.Width}x{header.Height} and {width}x{height}";
                (width, height) = (Shrunk(width, shrink), Shrunk(height, shrink));
                ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, (long)width * height * bands, nameof(target));
                var format = bands switch { 1 => Gray, 3 => Rgb, _ => Cmyk };
                return Decompress(handle, from, new((nuint)jpeg.Length), to, width, width * bands, height, format,
                    AccurateDct | StopOnWarning | LimitScans) == 0 ? null : Error(handle);
            }
        }
        finally
        {
            Destroy(handle);
        }
    }

    /// <summary>A side after the decoder shrank it.</summary>
    public static int Shrunk(int side, int shrink) => (side + shrink - 1) / shrink;

    /// <summary>Encodes a raster, chroma at half size.</summary>
    /// <exception cref="InvalidOperationException">The library refuses, for example a side over 65,500 pixels.</exception>
    public static byte[] Encode(Raster raster, int quality)
    {
        var handle = InitCompress();
        var buffer = ArrayPool<byte>.Shared.Rent(checked((int)BufSize(raster.Width, raster.Height, Chroma420).Value));
        try
        {
            fixed (byte* from = raster.Whole, to = buffer)
            {
                var written = to;
                var length = new CULong((nuint)buffer.Length);
                // Without AccurateDct the library takes its fast transform below quality 96.
                if (Compress(handle, from, raster.Width, raster.RowLength, raster.Height, Rgb, &written, &length, Chroma420, quality,
                    AccurateDct | NoRealloc) != 0)
                    throw new InvalidOperationException($"libturbojpeg cannot encode {raster.Width}x{raster.Height}: {Error(handle)}");
                return buffer.AsSpan(0, (int)length.Value).ToArray();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            Destroy(handle);
        }
    }

    private static string Error(nint handle) => Marshal.PtrToStringUTF8((nint)GetErrorStr(handle)) ?? "unknown error";

    private static nint Load()
    {
        foreach (var name in Names)
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "tjGetErrorStr2", out _))
                return library;
        return 0;
    }

    private static nint Export(string name) => Library == 0 ? 0 : NativeLibrary.GetExport(Library, name);
}
