namespace WebImageText.Learn.Detector.Views;

/// <summary>Draws views: the same seed draws the same ones, on every machine.</summary>
/// <param name="seed">Of this draw.</param>
/// <param name="photos">How many photographs there are to paste onto.</param>
/// <param name="frames">Where each frame of the atlas has room for a picture.</param>
internal sealed class ViewDice(int seed, int photos, IReadOnlyList<Window> frames)
{
    private readonly Random _random = new(seed);

    /// <summary>A view of a photograph.</summary>
    public View Draw(int photo, ViewMix mix)
    {
        var strength = (float)mix.Strength;
        var (place, part, view) = Compose(mix, strength);
        place = place with { IsMirrored = Chance(mix.Mirror), Quarters = Chance(mix.Quarter) ? _random.Next(1, 4) : 0 };
        var scale = Math.Max(part.Width / place.Width, part.Height / place.Height);
        var layers = view.Layers.Select(layer => layer.Photo < 0 ? layer with { Photo = photo } : layer).ToList();
        layers.Add(new(photo, part, place, scale > 3 ? 1 : 0));
        return view with
        {
            Layers = layers,
            Texts = [.. view.Texts, .. Chance(mix.Text) ? Texts() : []],
            Stickers = Chance(mix.Sticker) ? Stickers() : [],
            Colours = Chance(mix.Grey) ? Saturation(0) : Chance(mix.Colour) ? Jitter(strength) : null,
            Gamma = Chance(mix.Colour * 0.3) ? MathF.Exp(Between(-0.5f, 0.5f) * strength) : 1,
            Size = Chance(mix.Resize) ? _random.Next(ViewRenderer.Sizes.Count) : -1,
            Blur = Chance(mix.Blur) ? _random.Next(ViewRenderer.Sigmas.Count) : -1,
            Quality = Chance(mix.Jpeg) ? Between(strength < 1 ? 40 : 8, 95) : 0,
            Noise = Chance(mix.Noise) ? Between(0.01f, 0.1f) * strength : 0,
        };
    }

    private (Placement Place, Window Part, View View) Compose(ViewMix mix, float strength)
    {
        var ground = Colour();
        var plain = new View { Ground = ground };
        var roll = _random.NextDouble();
        if ((roll -= mix.Crop) < 0)
            return (Placement.Full, Part(1 - 0.6f * strength, 1), plain);
        if ((roll -= mix.HardCrop) < 0)
            return (Placement.Full, Part(0.12f, 0.5f), plain);
        if ((roll -= mix.Rotate) < 0)
            return Rotated(plain);
        if ((roll -= mix.Pad) < 0)
            return Padded(plain);
        if ((roll -= mix.Meme) < 0)
            return Meme();
        if ((roll -= mix.Screenshot) < 0)
            return Framed(plain);
        if ((roll -= mix.OnPhoto) < 0)
            return OnPhoto(plain);
        return (roll -= mix.Collage) < 0 ? Collage(plain) : (Placement.Full, Window.Whole, plain);
    }

    // A part of so much of the area, of another aspect by up to a third.
    private Window Part(float least, float most)
    {
        var area = Between(least, most);
        var aspect = MathF.Exp(Between(-0.3f, 0.3f));
        var (width, height) = (Math.Min(1, MathF.Sqrt(area * aspect)), Math.Min(1, MathF.Sqrt(area / aspect)));
        return new(Between(0, 1 - width), Between(0, 1 - height), width, height);
    }

    private (Placement, Window, View) Rotated(View plain)
    {
        var angle = Between(-0.6f, 0.6f);
        var bulk = MathF.Abs(MathF.Sin(angle)) + MathF.Cos(angle);
        // Either the whole picture with its corners filled, or zoomed until the corners are outside, or between.
        var size = Between(1 / bulk, bulk);
        var stretch = MathF.Exp(Between(-0.15f, 0.15f));
        return (new(0.5f, 0.5f, size * stretch, size / stretch, angle), Window.Whole, plain);
    }

    private (Placement, Window, View) Padded(View plain)
    {
        var (width, height) = _random.Next(3) switch
        {
            0 => (1f, Between(0.4f, 0.95f)),
            1 => (Between(0.4f, 0.95f), 1f),
            _ => (Between(0.5f, 0.95f), Between(0.5f, 0.95f)),
        };
        var (x, y) = Chance(0.7) ? (0.5f, 0.5f) : (Between(width / 2, 1 - width / 2), Between(height / 2, 1 - height / 2));
        var isBlurred = Chance(0.25);
        return (new(x, y, width, height), Chance(0.3) ? Part(0.6f, 1) : Window.Whole,
            isBlurred ? plain with { Layers = [new(-1, new(0.2f, 0.2f, 0.6f, 0.6f), Placement.Full, 2)] } : plain);
    }

    private (Placement, Window, View) Meme()
    {
        var (above, below) = _random.Next(3) switch
        {
            0 => (Between(0.1f, 0.35f), 0f),
            1 => (0f, Between(0.1f, 0.35f)),
            _ => (Between(0.08f, 0.25f), Between(0.08f, 0.25f)),
        };
        var isDark = Chance(0.3);
        List<Overlay> texts = [];
        foreach (var (top, size) in new[] { (0f, above), (1 - below, below) })
        {
            var lines = size > 0.2f ? 2 : 1;
            for (var line = 0; line < lines && size > 0; line++)
                texts.Add(new(_random.Next(), new(0.5f, top + size * (line + 0.5f) / lines, Between(0.7f, 0.98f), size / lines * 0.8f), 1,
                    isDark ? (1, 1, 1) : (0, 0, 0)));
        }
        return (new(0.5f, above + (1 - above - below) / 2, 1, 1 - above - below), Chance(0.3) ? Part(0.6f, 1) : Window.Whole,
            new() { Ground = isDark ? (0, 0, 0) : (1, 1, 1), Texts = texts });
    }

    private (Placement, Window, View) Framed(View plain)
    {
        if (frames.Count == 0)
            return Padded(plain);
        var frame = _random.Next(frames.Count);
        var room = frames[frame];
        return (new(room.Left + room.Width / 2, room.Top + room.Height / 2, room.Width, room.Height),
            Chance(0.3) ? Part(0.6f, 1) : Window.Whole, plain with { Frame = frame });
    }

    private (Placement, Window, View) OnPhoto(View plain)
    {
        var size = Between(0.35f, 0.8f);
        var stretch = MathF.Exp(Between(-0.35f, 0.35f));
        var (width, height) = (Math.Min(0.95f, size * stretch), Math.Min(0.95f, size / stretch));
        return (new(Between(width / 2, 1 - width / 2), Between(height / 2, 1 - height / 2), width, height, Chance(0.15) ? Between(-0.3f, 0.3f) : 0),
            Chance(0.25) ? Part(0.6f, 1) : Window.Whole, plain with { Layers = [new(_random.Next(photos), Part(0.5f, 1), Placement.Full)] });
    }

    private (Placement, Window, View) Collage(View plain)
    {
        var (columns, rows) = _random.Next(4) switch { 0 => (2, 1), 1 => (1, 2), 2 => (2, 2), _ => (3, 1) };
        var gap = Chance(0.5) ? Between(0.005f, 0.03f) : 0;
        var mine = _random.Next(columns * rows);
        var cells = Enumerable.Range(0, columns * rows).Select(cell => new Placement(
            (cell % columns + 0.5f) / columns, (cell / columns + 0.5f) / rows, 1f / columns - gap, 1f / rows - gap)).ToArray();
        return (cells[mine], columns == rows ? Window.Whole : Middle(columns > rows ? 1f / columns : 1, rows > columns ? 1f / rows : 1), plain with
        {
            Layers = [.. Enumerable.Range(0, cells.Length).Where(cell => cell != mine)
                .Select(cell => new Layer(_random.Next(photos), Part(0.4f, 1), cells[cell]))],
        });
    }

    // A cell that is narrower than the picture shows its middle, or squeezes it, or something between.
    private Window Middle(float width, float height)
    {
        var (w, h) = (Between(width, 1), Between(height, 1));
        return new((1 - w) / 2, (1 - h) / 2, w, h);
    }

    private List<Overlay> Texts()
    {
        List<Overlay> texts = [];
        var lines = _random.Next(1, 4);
        var isWatermark = Chance(0.3);
        for (var line = 0; line < lines; line++)
        {
            var height = isWatermark ? Between(0.05f, 0.2f) : Between(0.05f, 0.14f);
            texts.Add(new(_random.Next(), new(Between(0.3f, 0.7f), Between(0.05f, 0.95f), Between(0.3f, 1), height,
                isWatermark ? Between(-0.8f, 0.8f) : 0), isWatermark ? Between(0.2f, 0.7f) : 1, Chance(0.6) ? (1, 1, 1) : Colour()));
        }
        return texts;
    }

    private List<Overlay> Stickers()
    {
        List<Overlay> stickers = [];
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var size = Between(0.12f, 0.5f);
            stickers.Add(new(_random.Next(), new(Between(0.1f, 0.9f), Between(0.1f, 0.9f), size, size * MathF.Exp(Between(-0.35f, 0.35f)),
                Chance(0.3) ? Between(-0.6f, 0.6f) : 0, Chance(0.5)), Chance(0.8) ? 1 : Between(0.4f, 1)));
        }
        return stickers;
    }

    private (float, float, float) Colour() => _random.Next(4) switch
    {
        0 => (1, 1, 1),
        1 => (0, 0, 0),
        2 when Between(0, 1) is var grey => (grey, grey, grey),
        _ => (Between(0, 1), Between(0, 1), Between(0, 1)),
    };

    private float[] Jitter(float strength)
    {
        var colours = Saturation(MathF.Exp(Between(-0.7f, 0.7f) * strength));
        var hue = Chance(0.5) ? Between(-0.5f, 0.5f) * strength : 0;
        colours = Product(HueTurn(hue), colours);
        var (contrast, light) = (MathF.Exp(Between(-0.5f, 0.5f) * strength), Between(-0.2f, 0.2f) * strength);
        for (var row = 0; row < 3; row++)
        {
            var warmth = 1 + Between(-0.08f, 0.08f) * strength;
            for (var column = 0; column < 4; column++)
                colours[4 * row + column] *= contrast * warmth;
            colours[4 * row + 3] += light + 0.5f - 0.5f * contrast;
        }
        return colours;
    }

    private static float[] Saturation(float keep)
    {
        Span<float> grey = [0.299f, 0.587f, 0.114f];
        var colours = new float[12];
        for (var row = 0; row < 3; row++)
            for (var column = 0; column < 3; column++)
                colours[4 * row + column] = (1 - keep) * grey[column] + (row == column ? keep : 0);
        return colours;
    }

    // Turns colours around the axis of the greys (Rodrigues).
    private static float[] HueTurn(float angle)
    {
        var (sin, cos) = MathF.SinCos(angle);
        var (same, side) = ((1 - cos) / 3, sin / MathF.Sqrt(3));
        return [same + cos, same - side, same + side, 0, same + side, same + cos, same - side, 0, same - side, same + side, same + cos, 0];
    }

    private static float[] Product(float[] left, float[] right)
    {
        var product = new float[12];
        for (var row = 0; row < 3; row++)
            for (var column = 0; column < 4; column++)
                product[4 * row + column] = left[4 * row] * right[column] + left[4 * row + 1] * right[4 + column]
                    + left[4 * row + 2] * right[8 + column] + (column == 3 ? left[4 * row + 3] : 0);
        return product;
    }

    private bool Chance(double share) => share > 0 && _random.NextDouble() < share;

    private float Between(float least, float most) => least + (most - least) * _random.NextSingle();
}
