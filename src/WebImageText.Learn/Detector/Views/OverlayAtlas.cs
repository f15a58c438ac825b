namespace WebImageText.Learn.Detector.Views;

/// <summary>What is laid over photographs: lines of text, stickers, and frames with room for a picture. Drawn once, used all along.</summary>
/// <param name="Texts">Coverage of the letters, then of their outline: [count, 2, <see cref="TextHeight"/>, <see cref="TextWidth"/>].</param>
/// <param name="Stickers">Red, green, blue, coverage: [count, 4, <see cref="StickerSide"/>, <see cref="StickerSide"/>].</param>
/// <param name="Frames">Red, green, blue: [count, 3, <see cref="FrameSide"/>, <see cref="FrameSide"/>].</param>
/// <param name="Rooms">Where each frame shows a picture.</param>
public sealed record OverlayAtlas(byte[] Texts, byte[] Stickers, byte[] Frames, IReadOnlyList<(float Left, float Top, float Width, float Height)> Rooms)
{
    /// <summary>Pixels.</summary>
    public const int TextHeight = 40;

    /// <summary>Pixels.</summary>
    public const int TextWidth = 256;

    /// <summary>Pixels.</summary>
    public const int StickerSide = 64;

    /// <summary>Pixels.</summary>
    public const int FrameSide = 192;

    /// <summary>No text, no sticker, no frame.</summary>
    public static OverlayAtlas Empty { get; } = new([], [], [], []);
}
