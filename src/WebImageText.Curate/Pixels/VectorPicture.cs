using System.Text;
using NetVips;

namespace WebImageText.Curate.Pixels;

/// <summary>How a drawn picture is encoded.</summary>
public enum DrawnFormat
{
    /// <summary>JPEG, 4:2:0.</summary>
    Jpeg,
    /// <summary>PNG, 8 bits a channel, no alpha.</summary>
    Png,
    /// <summary>WebP, lossy.</summary>
    WebP,
    /// <summary>WebP that keeps every pixel.</summary>
    LosslessWebP,
}

/// <summary>Draws SVG of our own making (the demo's web, tests) and encodes it. Not for SVG from the web.</summary>
public static class VectorPicture
{
    /// <summary>Draws on white; the same document and options give the same bytes.</summary>
    /// <param name="svg">A whole SVG document whose width and height are pixels.</param>
    /// <param name="format">Encoding of the result.</param>
    /// <param name="quality">1-100, for JPEG and lossy WebP.</param>
    /// <param name="scale">Pixels of the result for one pixel of the document: the drawing is scaled, not its pixels.</param>
    /// <exception cref="ArgumentException">The text is no SVG document that can be drawn.</exception>
    public static byte[] Render(string svg, DrawnFormat format, int quality = 85, double scale = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(svg);
        // Decoding blocks the loaders that libvips calls unsafe for strangers' bytes, SVG among them. This document is our own.
        Operation.Block("VipsForeignLoadSvg", false);
        try
        {
            using var drawn = Image.SvgloadBuffer(Encoding.UTF8.GetBytes(svg), scale: scale);
            using var picture = drawn.Flatten(background: [255, 255, 255]);
            return format switch
            {
                DrawnFormat.Jpeg => picture.JpegsaveBuffer(q: quality, keep: Enums.ForeignKeep.None),
                DrawnFormat.Png => picture.PngsaveBuffer(compression: 6, keep: Enums.ForeignKeep.None),
                DrawnFormat.WebP => picture.WebpsaveBuffer(q: quality, effort: 0, keep: Enums.ForeignKeep.None),
                DrawnFormat.LosslessWebP => picture.WebpsaveBuffer(lossless: true, effort: 2, keep: Enums.ForeignKeep.None),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "No such format."),
            };
        }
        catch (VipsException cause)
        {
            throw new ArgumentException($"The SVG document cannot be drawn: {cause.Message.Trim()}", nameof(svg), cause);
        }
    }
}
