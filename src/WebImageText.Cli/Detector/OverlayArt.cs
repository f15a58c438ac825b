using SkiaSharp;
using WebImageText.Learn.Detector.Views;

namespace WebImageText.Cli.Detector;

/// <summary>Draws what training lays over photographs: lines of text, stickers, screens with room for a picture.</summary>
internal sealed class OverlayArt : IDisposable
{
    private const int Texts = 384;
    private const int Stickers = 256;
    private const int Frames = 320;

    // Symbols and faces that the program's font draws.
    private const string Symbols = "☺☻♥♦★☆✔✘✿❀☀☁☂☎✈✉✎⚽⚠☢☯♫⚡❄❤➜➤✌☝☕♻⚙";

    private readonly Random _dice;
    private readonly SKTypeface _font;

    private OverlayArt(int seed)
    {
        _dice = new Random(seed);
        _font = SKTypeface.FromFile(Path.Combine(AppContext.BaseDirectory, "Charts", "DejaVuSans.ttf"));
    }

    /// <summary>The same seed draws the same.</summary>
    public static OverlayAtlas Draw(int seed)
    {
        using var art = new OverlayArt(seed);
        var texts = Enumerable.Range(0, Texts).SelectMany(_ => art.Text()).ToArray();
        var stickers = Enumerable.Range(0, Stickers).SelectMany(_ => art.Sticker()).ToArray();
        var frames = Enumerable.Range(0, Frames).Select(_ => art.Frame()).ToArray();
        return new(texts, stickers, [.. frames.SelectMany(frame => frame.Pixels)],
            [.. frames.Select(frame => (frame.Room.Left, frame.Room.Top, frame.Room.Width, frame.Room.Height))]);
    }

    public void Dispose() => _font.Dispose();

    private byte[] Text()
    {
        const int Width = OverlayAtlas.TextWidth, Height = OverlayAtlas.TextHeight;
        using var font = new SKFont(_font, Height * 0.72f, 0.7f + 0.5f * _dice.NextSingle()) { Embolden = Chance(0.5), SkewX = Chance(0.2) ? -0.25f : 0 };
        var text = Words(_dice.Next(2, 7));
        if (Chance(0.4))
            text = text.ToUpperInvariant();
        while (font.MeasureText(text) > Width * 1.4f && text.Contains(' ', StringComparison.Ordinal))
            text = text[..text.LastIndexOf(' ')];
        font.ScaleX *= Math.Min(1, (Width - 12) / font.MeasureText(text));
        var outline = Chance(0.5) ? 2f + 3 * _dice.NextSingle() : 0;
        byte[] Cover(SKPaintStyle style, float stroke)
        {
            using var bitmap = new SKBitmap(Width, Height, SKColorType.Rgba8888, SKAlphaType.Premul);
            using var canvas = new SKCanvas(bitmap);
            canvas.Clear(SKColors.Transparent);
            using var paint = new SKPaint { Color = SKColors.White, IsAntialias = true, Style = style, StrokeWidth = stroke };
            if (style == SKPaintStyle.Fill || stroke > 0)
                canvas.DrawText(text, Width / 2f, Height * 0.75f, SKTextAlign.Center, font, paint);
            return Plane(bitmap, 3);
        }
        return [.. Cover(SKPaintStyle.Fill, 0), .. Cover(SKPaintStyle.StrokeAndFill, outline)];
    }

    private byte[] Sticker()
    {
        const int Side = OverlayAtlas.StickerSide;
        using var bitmap = new SKBitmap(Side, Side, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Transparent);
        using var fill = Paint(Colour());
        using var dark = Paint(Chance(0.5) ? SKColors.Black : Colour());
        switch (_dice.Next(7))
        {
            case 0 or 1:
                Face(canvas, fill, dark);
                break;
            case 2:
                using (var font = new SKFont(_font, 52))
                    canvas.DrawText(Symbols[_dice.Next(Symbols.Length)].ToString(), 32, 50, SKTextAlign.Center, font, fill);
                break;
            case 3:
                canvas.DrawCircle(32, 32, 30, fill);
                using (var font = new SKFont(_font, 38))
                    canvas.DrawText(Symbols[_dice.Next(Symbols.Length)].ToString(), 32, 45, SKTextAlign.Center, font, dark);
                break;
            case 4:
                canvas.DrawRoundRect(3, 12, 58, 40, 20 * _dice.NextSingle(), 20 * _dice.NextSingle(), fill);
                using (var font = new SKFont(_font, 16) { Embolden = true })
                    canvas.DrawText(Words(1), 32, 38, SKTextAlign.Center, font, dark);
                break;
            case 5:
                canvas.DrawRect(2, 2, 60, 60, fill);
                break;
            default:
                using (var star = Star(_dice.Next(3, 12), 0.3f + 0.65f * _dice.NextSingle()))
                    canvas.DrawPath(star, fill);
                break;
        }
        return [.. Plane(bitmap, 0), .. Plane(bitmap, 1), .. Plane(bitmap, 2), .. Plane(bitmap, 3)];
    }

    private void Face(SKCanvas canvas, SKPaint fill, SKPaint dark)
    {
        if (Chance(0.7))
            fill.Color = new SKColor(255, (byte)_dice.Next(190, 230), (byte)_dice.Next(20, 90));
        canvas.DrawCircle(32, 32, 30, fill);
        dark.Color = new SKColor((byte)_dice.Next(90), (byte)_dice.Next(60), (byte)_dice.Next(40));
        var eye = 3 + 4 * _dice.NextSingle();
        canvas.DrawOval(21, 25, eye, eye * 1.3f, dark);
        canvas.DrawOval(43, 25, eye, eye * 1.3f, dark);
        dark.Style = Chance(0.5) ? SKPaintStyle.Fill : SKPaintStyle.Stroke;
        dark.StrokeWidth = 4;
        canvas.DrawArc(new SKRect(16, 26, 48, 52), Chance(0.8) ? 15 : 195, 150, false, dark);
    }

    private (byte[] Pixels, (float Left, float Top, float Width, float Height) Room) Frame()
    {
        var isPhone = Chance(0.6);
        var (width, height) = isPhone ? (400, _dice.Next(640, 900)) : (_dice.Next(640, 1000), _dice.Next(420, 640));
        using var bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        var isDark = Chance(0.35);
        var ground = isDark ? Grey(0, 45) : Grey(225, 255);
        var ink = isDark ? Grey(170, 255) : Grey(0, 90);
        canvas.Clear(ground);
        var room = isPhone ? Phone(canvas, width, height, ink) : Desktop(canvas, width, height, ink, ground);
        using var small = bitmap.Resize(new SKImageInfo(OverlayAtlas.FrameSide, OverlayAtlas.FrameSide), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        return ([.. Plane(small, 0), .. Plane(small, 1), .. Plane(small, 2)],
            (room.Left / width, room.Top / height, room.Width / width, room.Height / height));
    }

    private SKRect Phone(SKCanvas canvas, int width, int height, SKColor ink)
    {
        using var paint = Paint(ink);
        Line(canvas, "12:45", 24, 26, 15, ink);
        for (var icon = 0; icon < 3; icon++)
            canvas.DrawRoundRect(width - 90 + 24 * icon, 14, 16, 12, 3, 3, paint);
        var top = 44f;
        if (Chance(0.8))
        {
            using var accent = Paint(Colour());
            if (Chance(0.3))
                canvas.DrawRect(0, top - 6, width, 58, accent);
            canvas.DrawCircle(36, top + 24, 18, accent);
            Line(canvas, Words(2), 66, top + 30, 17, ink);
            top += 60;
        }
        if (Chance(0.3))
            for (var line = _dice.Next(1, 4); line > 0; line--, top += 24)
                Line(canvas, Words(6), 16, top + 18, 16, ink);
        var side = Chance(0.6) ? 0 : 30 * _dice.NextSingle();
        var room = new SKRect(side, top, width - side, Math.Min(height - 120, top + width * (0.55f + 0.85f * _dice.NextSingle())));
        if (Chance(0.25))
            room = new SKRect(0, height * 0.5f - width * 0.3f, width, height * 0.5f + width * 0.35f);
        var y = room.Bottom + 34;
        for (var icon = 0; icon < 4; icon++)
            canvas.DrawCircle(30 + 46 * icon, y, 11, paint);
        for (y += 44; y < height - 70; y += 24)
            if (Chance(0.8))
                Line(canvas, Words(5), 18, y, 15, ink);
        using var bar = Paint(Grey(120, 200));
        canvas.DrawRect(0, height - 52, width, 2, bar);
        for (var icon = 0; icon < 5; icon++)
            canvas.DrawRoundRect(width * (icon + 0.5f) / 5 - 12, height - 40, 24, 24, 6, 6, paint);
        return room;
    }

    private SKRect Desktop(SKCanvas canvas, int width, int height, SKColor ink, SKColor ground)
    {
        using var bar = Paint(Chance(0.5) ? Grey(60, 220) : Colour());
        canvas.DrawRect(0, 0, width, 34, bar);
        using var tab = Paint(ground);
        canvas.DrawRoundRect(90, 6, 180, 40, 8, 8, tab);
        Line(canvas, Words(2), 104, 26, 14, ink);
        canvas.DrawRoundRect(100, 42, width * 0.6f, 22, 11, 11, bar);
        Line(canvas, "https://www." + Words(1) + ".com", 114, 58, 13, ink);
        var left = 20f;
        if (Chance(0.6))
        {
            for (var row = 0; row < 12; row++)
                Line(canvas, Words(2), 16, 110 + 30 * row, 14, ink);
            left = 170;
        }
        var top = 90f;
        for (var line = _dice.Next(0, 4); line > 0; line--, top += 24)
            Line(canvas, Words(8), left, top + 14, 17, ink);
        var wide = (width - left - 20) * (0.45f + 0.55f * _dice.NextSingle());
        var tall = Math.Min(height - top - 20, (height - 80) * (0.4f + 0.6f * _dice.NextSingle()));
        var room = new SKRect(left, top + 6, left + wide, top + 6 + tall);
        for (var y = top + 20; y < height && room.Right < width - 80; y += 22)
            Line(canvas, Words(4), room.Right + 16, y, 13, ink);
        for (var y = room.Bottom + 24; y < height; y += 22)
            Line(canvas, Words(9), left, y, 13, ink);
        return room;
    }

    private void Line(SKCanvas canvas, string text, float x, float y, float size, SKColor colour)
    {
        using var font = new SKFont(_font, size) { Embolden = Chance(0.2) };
        using var paint = Paint(colour);
        canvas.DrawText(text, x, y, SKTextAlign.Left, font, paint);
    }

    private string Words(int count) => string.Join(' ', Enumerable.Range(0, count).Select(_ => Word()));

    private string Word()
    {
        const string Open = "bcdfghjklmnprstvwz", Vowels = "aeiouy";
        return string.Concat(Enumerable.Range(0, _dice.Next(1, 4)).Select(_ => $"{Open[_dice.Next(Open.Length)]}{Vowels[_dice.Next(Vowels.Length)]}"
            + (Chance(0.4) ? Open[_dice.Next(Open.Length)].ToString() : "")));
    }

    private static SKPath Star(int points, float inner)
    {
        using var path = new SKPathBuilder();
        for (var at = 0; at < 2 * points; at++)
        {
            var (sin, cos) = MathF.SinCos(MathF.PI * at / points);
            var radius = at % 2 == 0 ? 31 : 31 * inner;
            if (at == 0)
                path.MoveTo(32 + radius * sin, 32 - radius * cos);
            else
                path.LineTo(32 + radius * sin, 32 - radius * cos);
        }
        path.Close();
        return path.Detach();
    }

    private static byte[] Plane(SKBitmap bitmap, int band)
    {
        var bytes = bitmap.GetPixelSpan();
        var plane = new byte[bytes.Length / 4];
        for (var at = 0; at < plane.Length; at++)
            plane[at] = bytes[4 * at + band];
        return plane;
    }

    private static SKPaint Paint(SKColor colour) => new() { Color = colour, IsAntialias = true };

    private SKColor Colour() => new((byte)_dice.Next(256), (byte)_dice.Next(256), (byte)_dice.Next(256));

    private SKColor Grey(int least, int most) => (byte)_dice.Next(least, most + 1) is var grey ? new SKColor(grey, grey, grey) : default;

    private bool Chance(double share) => _dice.NextDouble() < share;
}
