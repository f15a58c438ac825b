using System.Security.Cryptography;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Dedup.Index;

/// <summary>What a describer made of a picture.</summary>
/// <param name="Rows">One descriptor after the other: of the whole picture first, then of its views.</param>
/// <param name="IsFeatureless">Too plain (PDQ's quality is under 50): likeness says nothing.</param>
/// <param name="Sha256">Of the encoded bytes.</param>
public sealed record Described(float[] Rows, bool IsFeatureless, string Sha256);

/// <summary>Turns pictures into descriptors of length 1. Safe for any number of threads.</summary>
public abstract class Describer : IDisposable
{
    private static readonly PictureDecoder Decoder = new(new()
    {
        // An evaluation image is guarded whatever its size; a large one is shrunk while it is decoded.
        MinShorterSide = 1,
        MaxAspectRatio = 65_500,
        MaxPixels = 500_000_000,
        Size = 512,
    });

    /// <summary>Of model and preprocessing, 64 hexadecimal digits.</summary>
    public abstract string Model { get; }

    /// <summary>For people: <c>pdq</c> or the model's file.</summary>
    public abstract string Name { get; }

    /// <summary>Numbers in a descriptor.</summary>
    public abstract int Dimension { get; }

    /// <summary>Likeness at which two pictures are surely one; null where only <c>wit dedup calibrate</c> can tell.</summary>
    public abstract float? SureScore { get; }

    /// <summary>Describes an encoded picture.</summary>
    /// <param name="image">Bytes of any origin.</param>
    /// <param name="withViews">Also as copies on the web show it: mirrored, turned, cut, bordered, grey.</param>
    /// <param name="described">What was made of it.</param>
    /// <returns>Why there is nothing, or null.</returns>
    public string? TryDescribe(ReadOnlyMemory<byte> image, bool withViews, out Described described)
    {
        described = new([], false, "");
        var decoded = Decoder.Decode(image);
        if (decoded is not Decoded.Picture picture)
            return ((Decoded.Refused)decoded).Drop.ToString();
        using var raster = picture.Raster;
        described = new(
            withViews ? Views(raster) : Plain(raster), Pdq.Of(raster).Quality < PdqHash.LeastQuality, Convert.ToHexStringLower(SHA256.HashData(image.Span)));
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    internal abstract float[] Plain(Raster picture);

    internal abstract float[] Views(Raster picture);

    /// <summary>Frees what it holds.</summary>
    protected virtual void Dispose(bool disposing) { }
}

/// <summary>PDQ hashes as descriptors: each bit is +1/16 or -1/16, so that the dot product is 1 - 2/256 a bit that differs, exactly.</summary>
public sealed class PdqDescriber : Describer
{
    /// <summary>Bits of a hash.</summary>
    public const int Bits = 256;

    /// <summary>Name of what makes these descriptors, as a model's hash.</summary>
    public static string ModelHash { get; } = Convert.ToHexStringLower(SHA256.HashData("pdq, 256 bits, +-1/16, version 1"u8));

    /// <inheritdoc/>
    public override string Model => ModelHash;

    /// <inheritdoc/>
    public override string Name => "pdq";

    /// <inheritdoc/>
    public override int Dimension => Bits;

    /// <inheritdoc/>
    public override float? SureScore => ScoreOf(PdqHash.MatchDistance);

    /// <summary>The dot product at a distance in bits.</summary>
    public static float ScoreOf(int distance) => 1 - 2f * distance / Bits;

    /// <summary>Writes the descriptor of a hash.</summary>
    public static void Write(PdqHash hash, Span<float> row)
    {
        for (var bit = 0; bit < Bits; bit++)
        {
            var word = (bit / 64) switch { 0 => hash.W0, 1 => hash.W1, 2 => hash.W2, _ => hash.W3 };
            row[bit] = (word >> bit % 64 & 1) == 0 ? -1f / 16 : 1f / 16;
        }
    }

    internal override float[] Plain(Raster picture) => Rows([Pdq.Of(picture).Hash]);

    internal override float[] Views(Raster picture) => Rows(EvaluationViews.Of(picture));

    private static float[] Rows(List<PdqHash> hashes)
    {
        var rows = new float[hashes.Count * Bits];
        for (var at = 0; at < hashes.Count; at++)
            Write(hashes[at], rows.AsSpan(at * Bits, Bits));
        return rows;
    }
}

/// <summary>A detector's descriptors.</summary>
/// <param name="model">The detector; disposed with this.</param>
public sealed class DetectorDescriber(DetectorModel model) : Describer
{
    private const int MirroredLeftRight = 2; // of EXIF's orientations

    /// <inheritdoc/>
    public override string Model => model.Hash;

    /// <inheritdoc/>
    public override string Name => Path.GetFileName(model.Path);

    /// <inheritdoc/>
    public override int Dimension => model.Dimension;

    /// <inheritdoc/>
    public override float? SureScore => null;

    internal override float[] Plain(Raster picture) => model.Embed(picture);

    // The whole in its eight orientations, middles, squares, borders, and without colours: a copy in grey looks like another
    // picture to a detector that learned from colours.
    internal override float[] Views(Raster picture)
    {
        List<Raster> views = [];
        try
        {
            for (var orientation = 2; orientation <= 8; orientation++)
                views.Add(Upright.Turn(EvaluationViews.Middle(picture, picture.Width, picture.Height), orientation));
            views.AddRange(EvaluationViews.Cuts(picture, [0.85, 0.7, 0.5]));
            views.AddRange(EvaluationViews.Framed(picture));
            views.Add(EvaluationViews.Grey(picture));
            views.Add(Upright.Turn(EvaluationViews.Grey(picture), MirroredLeftRight));
            return model.Embed([picture, .. views]);
        }
        finally
        {
            foreach (var view in views)
                view.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        model.Dispose();
        base.Dispose(disposing);
    }
}
