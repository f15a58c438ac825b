using System.Buffers.Binary;
using System.IO.Hashing;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// One number for the pixels of a picture: equal for copies that differ in encoding without loss, orientation flag or metadata.
/// </summary>
/// <remarks>
/// XXH128 with seed 0 over the width and the height (32 bits each, little-endian), then the decoded picture from its upper left
/// row by row: upright, sRGB, 8 bits red, green, blue; alpha on white. A picture that the decoder shrinks (see
/// <see cref="PictureDecoder"/>) is hashed as shrunk, so there a PNG made from a JPEG has another hash; PDQ finds it.
/// It is no cryptographic hash: whoever wants two pictures with one hash can make them.
/// </remarks>
internal static class PixelHash
{
    public static UInt128 Of(Raster raster)
    {
        var hash = new XxHash128();
        Span<byte> size = stackalloc byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(size, raster.Width);
        BinaryPrimitives.WriteInt32LittleEndian(size[4..], raster.Height);
        hash.Append(size);
        hash.Append(raster.Pixels);
        return hash.GetCurrentHashAsUInt128();
    }
}
