using System.Runtime.InteropServices;
using SkiaSharp;

namespace WebImageText.Cli.Bench.Detector;

/// <summary>How much is left of a picture.</summary>
internal enum Severity
{
    Exact,
    Mild,
    Medium,
    Severe,
}

/// <summary>One way in which the web changes a picture.</summary>
/// <param name="Name">Of the transform.</param>
/// <param name="Severity">How much is left.</param>
/// <param name="Apply">From the picture, another one to paste onto and a source of chance: another bitmap and its JPEG quality.</param>
internal sealed record SuiteEdit(string Name, Severity Severity, Func<SKBitmap, SKBitmap, Random, (SKBitmap, int Quality)> Apply);

/// <summary>
/// The transforms by which the detector is judged: drawn here by Skia, on the host, by other code than what makes views while it
/// trains.
/// </summary>
internal static class SuiteEdits
{
    private const int Usual = 88;

    private static readonly Lazy<SKTypeface> Font =
        new(() => SKTypeface.FromFile(Path.Combine(AppContext.BaseDirectory, "Charts", "DejaVuSans.ttf")));

    /// <summary>All, from the mildest.</summary>
    public static IReadOnlyList<SuiteEdit> All { get; } =
    [
        new("reencode_q92", Severity.Exact, (photo, _, _) => (photo.Copy(), 92)),
        Mild("resize_50", (photo, _, _) => Sized(photo, photo.Width / 2, photo.Height / 2)),
        Mild("resize_150", (photo, _, _) => Sized(photo, photo.Width * 3 / 2, photo.Height * 3 / 2)),
        Mild("thumb_128", (photo, _, _) => Sized(photo, 128 * photo.Width / Math.Max(photo.Width, photo.Height), 128 * photo.Height / Math.Max(photo.Width, photo.Height))),
        new("jpeg_50", Severity.Mild, (photo, _, _) => (photo.Copy(), 50)),
        Mild("blur", (photo, _, _) => Filtered(photo, SKImageFilter.CreateBlur(1.2f, 1.2f))),
        Mild("colour", (photo, _, dice) => Coloured(photo, Near(dice, 0.15f), Near(dice, 0.15f), dice.Next(-12, 13))),
        Mild("stretch_125", (photo, _, _) => Sized(photo, photo.Width * 5 / 4, photo.Height)),
        Mild("watermark", (photo, _, dice) => Written(photo, "© photo archive", 0.06f, new SKColor(255, 255, 255, 110), dice.Next(2) == 0 ? 0.93f : 0.5f)),
        Mild("crop_90", (photo, _, dice) => Cut(photo, 0.9f, dice)),
        new("jpeg_10", Severity.Medium, (photo, _, _) => (photo.Copy(), 10)),
        Medium("blur_strong", (photo, _, _) => Filtered(photo, SKImageFilter.CreateBlur(3, 3))),
        Medium("colour_strong", (photo, _, dice) => Coloured(photo, Near(dice, 0.4f), Near(dice, 0.4f), dice.Next(-35, 36))),
        Medium("grey", (photo, _, _) => Coloured(photo, 1, 0, 0)),
        Medium("noise_25", Noisy),
        Medium("crop_70", (photo, _, dice) => Cut(photo, 0.7f, dice)),
        Medium("mirror", (photo, _, _) => Moved(photo, photo.Width, photo.Height, canvas => canvas.Scale(-1, 1, photo.Width / 2f, 0))),
        Medium("rotate_5", (photo, _, dice) => Moved(photo, photo.Width, photo.Height, canvas => canvas.RotateDegrees(dice.Next(2) == 0 ? 5 : -5, photo.Width / 2f, photo.Height / 2f))),
        Medium("meme_text", (photo, _, _) => Meme(photo)),
        Medium("emoji", Emoji),
        Medium("pad_20", (photo, _, dice) => Moved(photo, photo.Width * 7 / 5, photo.Height * 7 / 5,
            canvas => canvas.Translate(photo.Width / 5f, photo.Height / 5f), dice.Next(2) == 0 ? SKColors.White : SKColors.Black)),
        Medium("letterbox", (photo, _, _) => Letterbox(photo)),
        new("combo_web", Severity.Medium, (photo, _, dice) =>
        {
            using var cut = Cut(photo, 0.85f, dice);
            using var coloured = Coloured(cut, Near(dice, 0.1f), Near(dice, 0.1f), 0);
            return (Sized(coloured, 256, 256 * coloured.Height / coloured.Width), 60);
        }),
        Severe("crop_50", (photo, _, dice) => Cut(photo, 0.5f, dice)),
        Severe("crop_25", (photo, _, dice) => Cut(photo, 0.25f, dice)),
        Severe("rotate_25", (photo, _, dice) => Moved(photo, photo.Width, photo.Height, canvas => canvas.RotateDegrees(dice.Next(2) == 0 ? 25 : -25, photo.Width / 2f, photo.Height / 2f))),
        Severe("quarter_turn", (photo, _, dice) => Turned(photo, dice.Next(2) == 0)),
        Severe("screenshot_phone", (photo, _, dice) => Phone(photo, dice)),
        Severe("screenshot_desktop", (photo, _, dice) => Desktop(photo, dice)),
        Severe("on_photo", OnPhoto),
        Severe("collage_2", Collage),
        new("combo_hard", Severity.Severe, (photo, other, dice) =>
        {
            using var cut = Cut(photo, 0.6f, dice);
            using var mirrored = Moved(cut, cut.Width, cut.Height, canvas => canvas.Scale(-1, 1, cut.Width / 2f, 0));
            using var emoji = Emoji(mirrored, other, dice);
            return (Sized(emoji, 200, 200 * emoji.Height / emoji.Width), 40);
        }),
    ];

    /// <summary>Templates that wrong pictures get as well: what a detector must not take for the picture.</summary>
    public static IReadOnlyList<string> Shared { get; } = ["reencode_q92", "meme_text", "pad_20", "screenshot_phone"];

    /// <summary>The edited picture as a JPEG.</summary>
    public static byte[] Jpeg(SuiteEdit edit, SKBitmap photo, SKBitmap other, int seed)
    {
        var (edited, quality) = edit.Apply(photo, other, new Random(seed));
        using (edited)
        using (var data = edited.Encode(SKEncodedImageFormat.Jpeg, quality))
            return data.ToArray();
    }

    private static SuiteEdit Mild(string name, Func<SKBitmap, SKBitmap, Random, SKBitmap> apply) => Of(name, Severity.Mild, apply);

    private static SuiteEdit Medium(string name, Func<SKBitmap, SKBitmap, Random, SKBitmap> apply) => Of(name, Severity.Medium, apply);

    private static SuiteEdit Severe(string name, Func<SKBitmap, SKBitmap, Random, SKBitmap> apply) => Of(name, Severity.Severe, apply);

    private static SuiteEdit Of(string name, Severity severity, Func<SKBitmap, SKBitmap, Random, SKBitmap> apply) =>
        new(name, severity, (photo, other, dice) => (apply(photo, other, dice), Usual));

    private static float Near(Random dice, float reach) => 1 + reach * (2 * dice.NextSingle() - 1);

    private static SKBitmap Sized(SKBitmap photo, int width, int height) => photo.Resize(
        new SKImageInfo(Math.Max(16, width), Math.Max(16, height), SKColorType.Rgba8888, SKAlphaType.Opaque), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));

    private static SKBitmap Drawn(int width, int height, SKColor ground, Action<SKCanvas> draw)
    {
        var bitmap = new SKBitmap(Math.Max(16, width), Math.Max(16, height), SKColorType.Rgba8888, SKAlphaType.Opaque);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(ground);
        draw(canvas);
        return bitmap;
    }

    private static void Place(SKCanvas canvas, SKBitmap photo, SKRect to, SKPaint? paint = null)
    {
        using var image = SKImage.FromBitmap(photo);
        canvas.DrawImage(image, to, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), paint);
    }

    private static SKRect Whole(SKBitmap photo) => new(0, 0, photo.Width, photo.Height);

    private static SKBitmap Moved(SKBitmap photo, int width, int height, Action<SKCanvas> move, SKColor? ground = null) => Drawn(width, height, ground ?? SKColors.Black, canvas =>
    {
        move(canvas);
        Place(canvas, photo, Whole(photo));
    });

    private static SKBitmap Turned(SKBitmap photo, bool right) => Moved(photo, photo.Height, photo.Width, canvas =>
    {
        canvas.Translate(right ? photo.Height : 0, right ? 0 : photo.Width);
        canvas.RotateDegrees(right ? 90 : -90);
    });

    private static SKBitmap Filtered(SKBitmap photo, SKImageFilter filter)
    {
        using (filter)
        using (var paint = new SKPaint { ImageFilter = filter })
            return Drawn(photo.Width, photo.Height, SKColors.Black, canvas => Place(canvas, photo, Whole(photo), paint));
    }

    private static SKBitmap Coloured(SKBitmap photo, float contrast, float saturation, int light)
    {
        var (r, g, b) = (0.299f * (1 - saturation), 0.587f * (1 - saturation), 0.114f * (1 - saturation));
        var shift = (light + 128 * (1 - contrast)) / 255;
        using var filter = SKColorFilter.CreateColorMatrix(
        [
            contrast * (r + saturation), contrast * g, contrast * b, 0, shift,
            contrast * r, contrast * (g + saturation), contrast * b, 0, shift,
            contrast * r, contrast * g, contrast * (b + saturation), 0, shift,
            0, 0, 0, 1, 0,
        ]);
        using var paint = new SKPaint { ColorFilter = filter };
        return Drawn(photo.Width, photo.Height, SKColors.Black, canvas => Place(canvas, photo, Whole(photo), paint));
    }

    // A part of both sides.
    private static SKBitmap Cut(SKBitmap photo, float area, Random dice)
    {
        var part = MathF.Sqrt(area);
        var (width, height) = ((int)(part * photo.Width), (int)(part * photo.Height));
        var (left, top) = (dice.Next(photo.Width - width + 1), dice.Next(photo.Height - height + 1));
        return Drawn(width, height, SKColors.Black, canvas => Place(canvas, photo, new(-left, -top, photo.Width - left, photo.Height - top)));
    }

    private static SKBitmap Noisy(SKBitmap photo, SKBitmap other, Random dice)
    {
        var noisy = photo.Copy(SKColorType.Rgba8888);
        var pixels = noisy.GetPixelSpan();
        var bytes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(pixels), pixels.Length);
        for (var at = 0; at < bytes.Length; at++)
            if (at % 4 != 3)
                bytes[at] = (byte)Math.Clamp(bytes[at] + 25 * Normal(dice), 0, 255);
        return noisy;
    }

    private static double Normal(Random dice) => Math.Sqrt(-2 * Math.Log(1 - dice.NextDouble())) * Math.Cos(2 * Math.PI * dice.NextDouble());

    private static SKBitmap Written(SKBitmap photo, string text, float size, SKColor color, float down) => Drawn(photo.Width, photo.Height, SKColors.Black, canvas =>
    {
        Place(canvas, photo, Whole(photo));
        Write(canvas, text, photo.Width / 2f, photo.Height * down, size * photo.Height, color, photo.Width * 0.9f);
    });

    private static SKBitmap Meme(SKBitmap photo) => Drawn(photo.Width, photo.Height, SKColors.Black, canvas =>
    {
        Place(canvas, photo, Whole(photo));
        foreach (var (text, down) in new[] { ("WHEN IT IS MONDAY", 0.13f), ("AND NOBODY TOLD YOU", 0.95f) })
        {
            Write(canvas, text, photo.Width / 2f, photo.Height * down, photo.Height * 0.11f, SKColors.Black, photo.Width * 0.94f, stroke: photo.Height * 0.02f);
            Write(canvas, text, photo.Width / 2f, photo.Height * down, photo.Height * 0.11f, SKColors.White, photo.Width * 0.94f);
        }
    });

    private static void Write(SKCanvas canvas, string text, float x, float y, float size, SKColor color, float widest, float stroke = 0)
    {
        using var font = new SKFont(Font.Value, size) { Embolden = true };
        font.Size *= Math.Min(1, widest / Math.Max(1, font.MeasureText(text)));
        using var paint = new SKPaint { Color = color, IsAntialias = true, Style = stroke > 0 ? SKPaintStyle.StrokeAndFill : SKPaintStyle.Fill, StrokeWidth = stroke };
        canvas.DrawText(text, x, y, SKTextAlign.Center, font, paint);
    }

    // A yellow face over 30-45 % of the shorter side.
    private static SKBitmap Emoji(SKBitmap photo, SKBitmap other, Random dice) => Drawn(photo.Width, photo.Height, SKColors.Black, canvas =>
    {
        Place(canvas, photo, Whole(photo));
        var radius = (0.3f + 0.15f * dice.NextSingle()) * Math.Min(photo.Width, photo.Height) / 2;
        var (x, y) = (radius + (photo.Width - 2 * radius) * dice.NextSingle(), radius + (photo.Height - 2 * radius) * dice.NextSingle());
        using var fill = new SKPaint { Color = new(255, 205, 50), IsAntialias = true };
        using var dark = new SKPaint { Color = new(70, 45, 20), IsAntialias = true };
        canvas.DrawCircle(x, y, radius, fill);
        canvas.DrawCircle(x - radius * 0.35f, y - radius * 0.2f, radius * 0.12f, dark);
        canvas.DrawCircle(x + radius * 0.35f, y - radius * 0.2f, radius * 0.12f, dark);
        canvas.DrawArc(new(x - radius * 0.55f, y - radius * 0.3f, x + radius * 0.55f, y + radius * 0.65f), 15, 150, true, dark);
    });

    private static SKBitmap Letterbox(SKBitmap photo)
    {
        var side = Math.Max(photo.Width, photo.Height);
        return Moved(photo, side, side, canvas => canvas.Translate((side - photo.Width) / 2f, (side - photo.Height) / 2f));
    }

    private static SKBitmap Phone(SKBitmap photo, Random dice)
    {
        const int Width = 390, Height = 800;
        var isDark = dice.Next(2) == 0;
        var ink = isDark ? SKColors.White : SKColors.Black;
        var top = 120 + dice.Next(120);
        return Drawn(Width, Height, isDark ? new SKColor(18, 18, 20) : SKColors.White, canvas =>
        {
            Write(canvas, "9:41", 40, 30, 18, ink, 100);
            Write(canvas, "anna.travels", 130, 80, 20, ink, 200);
            Place(canvas, photo, new(0, top, Width, top + Math.Min(Width * (float)photo.Height / photo.Width, 520)));
            for (var line = 0; line < 3; line++)
                Write(canvas, "what a day that was, thank you all", Width / 2f, 690 + 28 * line, 17, ink, Width - 40);
        });
    }

    private static SKBitmap Desktop(SKBitmap photo, Random dice)
    {
        const int Width = 1000, Height = 620;
        return Drawn(Width, Height, new SKColor(245, 246, 248), canvas =>
        {
            using var bar = new SKPaint { Color = new(60, 66, 78) };
            canvas.DrawRect(0, 0, Width, 56, bar);
            Write(canvas, "News from the coast", 160, 36, 22, SKColors.White, 300);
            var (left, top) = (60 + dice.Next(340), 100 + dice.Next(60));
            var width = 420f;
            Place(canvas, photo, new(left, top, left + width, top + Math.Min(width * photo.Height / photo.Width, 400)));
            for (var line = 0; line < 4; line++)
                Write(canvas, "Everything that we know so far about the matter, in order", Width / 2f, 520 + 26 * line, 18, SKColors.Black, Width - 120);
        });
    }

    // Pasted onto another photograph, half its size.
    private static SKBitmap OnPhoto(SKBitmap photo, SKBitmap other, Random dice) => Drawn(other.Width, other.Height, SKColors.Black, canvas =>
    {
        Place(canvas, other, Whole(other));
        var scale = 0.5f * Math.Min((float)other.Width / photo.Width, (float)other.Height / photo.Height) * MathF.Sqrt(2);
        var (width, height) = (photo.Width * scale, photo.Height * scale);
        var (left, top) = ((other.Width - width) * dice.NextSingle(), (other.Height - height) * dice.NextSingle());
        Place(canvas, photo, new(left, top, left + width, top + height));
    });

    private static SKBitmap Collage(SKBitmap photo, SKBitmap other, Random dice)
    {
        var isFirst = dice.Next(2) == 0;
        return Drawn(2 * photo.Width, photo.Height, SKColors.Black, canvas =>
        {
            Place(canvas, isFirst ? photo : other, new(0, 0, photo.Width, photo.Height));
            Place(canvas, isFirst ? other : photo, new(photo.Width, 0, 2 * photo.Width, photo.Height));
        });
    }
}
