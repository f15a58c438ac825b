namespace WebImageText.Learn.Detector.Views;

/// <summary>A part of a picture, in shares of its sides.</summary>
internal readonly record struct Window(float Left, float Top, float Width, float Height)
{
    public static Window Whole { get; } = new(0, 0, 1, 1);
}

/// <summary>Where something lies on the canvas: a rectangle that may be turned, mirrored and sheared.</summary>
/// <param name="X">Its centre, in shares of the canvas.</param>
/// <param name="Y">Its centre, in shares of the canvas.</param>
/// <param name="Width">In shares of the canvas.</param>
/// <param name="Height">In shares of the canvas.</param>
/// <param name="Angle">Radians.</param>
/// <param name="IsMirrored">Left and right are exchanged.</param>
/// <param name="Quarters">Quarter turns, 0-3.</param>
internal readonly record struct Placement(
    float X, float Y, float Width, float Height, float Angle = 0, bool IsMirrored = false, int Quarters = 0)
{
    public static Placement Full { get; } = new(0.5f, 0.5f, 1, 1);

    /// <summary>
    /// Six numbers that take a point of the canvas (0-1) to a point of the thing (-1/2 to 1/2): two rows of factor, factor, constant.
    /// </summary>
    public void Write(Span<float> map)
    {
        var (sin, cos) = MathF.SinCos(-Angle);
        var (ax, ay) = (cos / Width, -sin / Width);
        var (bx, by) = (sin / Height, cos / Height);
        if (IsMirrored)
            (ax, ay) = (-ax, -ay);
        for (var turn = 0; turn < Quarters; turn++)
            (ax, ay, bx, by) = (-bx, -by, ax, ay);
        map[0] = ax;
        map[1] = ay;
        map[2] = -ax * X - ay * Y;
        map[3] = bx;
        map[4] = by;
        map[5] = -bx * X - by * Y;
    }
}

/// <summary>A photograph on the canvas.</summary>
/// <param name="Photo">Index of the photograph.</param>
/// <param name="Part">What is shown of it.</param>
/// <param name="Place">Where.</param>
/// <param name="Coarse">Seen through this many halvings, 0-2: a smaller or a blurred copy.</param>
internal readonly record struct Layer(int Photo, Window Part, Placement Place, int Coarse = 0);

/// <summary>A line of text or a sticker over the canvas.</summary>
/// <param name="Index">In the atlas; what lies past its end starts again.</param>
/// <param name="Place">Where.</param>
/// <param name="Opacity">0-1.</param>
/// <param name="Colour">Of text: red, green, blue.</param>
internal readonly record struct Overlay(int Index, Placement Place, float Opacity, (float R, float G, float B) Colour = default);

/// <summary>Everything that is done to a photograph to make one view of it. Pure numbers: the same view gives the same pixels.</summary>
internal sealed record View
{
    /// <summary>The canvas before anything lies on it.</summary>
    public (float R, float G, float B) Ground { get; init; }

    /// <summary>A frame of the atlas fills the canvas first; -1 for none.</summary>
    public int Frame { get; init; } = -1;

    /// <summary>From the lowest to the uppermost; the last is the photograph itself.</summary>
    public IReadOnlyList<Layer> Layers { get; init; } = [];

    /// <summary>Lines of text over it.</summary>
    public IReadOnlyList<Overlay> Texts { get; init; } = [];

    /// <summary>Stickers and shapes over it.</summary>
    public IReadOnlyList<Overlay> Stickers { get; init; } = [];

    /// <summary>Red, green and blue from red, green and blue: three rows of three factors and a constant. Null: unchanged.</summary>
    public float[]? Colours { get; init; }

    /// <summary>Exponent of every sample; 1: unchanged.</summary>
    public float Gamma { get; init; } = 1;

    /// <summary>Which of <see cref="ViewRenderer.Sizes"/> it is brought to and back from; -1: none.</summary>
    public int Size { get; init; } = -1;

    /// <summary>Which of <see cref="ViewRenderer.Sigmas"/> it is blurred by; -1: none.</summary>
    public int Blur { get; init; } = -1;

    /// <summary>JPEG quality, 1-100; 0: none.</summary>
    public float Quality { get; init; }

    /// <summary>Standard deviation of noise, in shares of white.</summary>
    public float Noise { get; init; }
}
