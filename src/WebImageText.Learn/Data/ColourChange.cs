namespace WebImageText.Learn.Data;

/// <summary>Changes of colour on 8-bit red, green, blue, as torchvision's ColorJitter and Grayscale define them.</summary>
internal static class ColourChange
{
    // Rec. 601, as PIL's conversion to grey.
    private const float RedPart = 0.299f, GreenPart = 0.587f, BluePart = 0.114f;

    /// <summary>Varies the colours as an augmentation says: often not at all.</summary>
    public static void Apply(Augmentation augmentation, SeededDice dice, Span<byte> pixels)
    {
        if (augmentation.JitterShare > 0 && dice.Next() < augmentation.JitterShare)
        {
            int[] order = [0, 1, 2, 3];
            dice.Shuffle(order);
            foreach (var change in order)
            {
                if (change == 3)
                    TurnHue(pixels, (float)dice.Between(-augmentation.HueJitter, augmentation.HueJitter));
                else
                    Blend(pixels, change, (float)dice.Between(Math.Max(0, 1 - augmentation.Jitter), 1 + augmentation.Jitter));
            }
        }
        if (augmentation.GreyShare > 0 && dice.Next() < augmentation.GreyShare)
            Blend(pixels, 2, 0);
    }

    // 0 brightness: towards black; 1 contrast: towards the mean grey; 2 saturation: towards the pixel's own grey.
    private static void Blend(Span<byte> pixels, int change, float factor)
    {
        var mean = change == 1 ? MathF.Round(MeanGrey(pixels)) : 0;
        for (var at = 0; at < pixels.Length; at += 3)
        {
            var other = change == 2 ? Grey(pixels[at..]) : mean;
            for (var band = 0; band < 3; band++)
                pixels[at + band] = Rounded(other + factor * (pixels[at + band] - other));
        }
    }

    private static void TurnHue(Span<byte> pixels, float turns)
    {
        for (var at = 0; at < pixels.Length; at += 3)
        {
            var (red, green, blue) = (pixels[at], pixels[at + 1], pixels[at + 2]);
            var (most, least) = (Math.Max(red, Math.Max(green, blue)), Math.Min(red, Math.Min(green, blue)));
            var span = most - least;
            if (span == 0)
                continue;
            var hue = most == red ? (float)(green - blue) / span : most == green ? 2 + (float)(blue - red) / span : 4 + (float)(red - green) / span;
            hue = (hue / 6 + turns + 2) % 1 * 6;
            for (var band = 0; band < 3; band++)
            {
                var k = (5 - 2 * band + hue) % 6; // red 5, green 3, blue 1: the usual formula of HSV
                pixels[at + band] = Rounded(most - span * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
            }
        }
    }

    private static float MeanGrey(ReadOnlySpan<byte> pixels)
    {
        var sum = 0.0;
        for (var at = 0; at < pixels.Length; at += 3)
            sum += Grey(pixels[at..]);
        return (float)(sum / (pixels.Length / 3));
    }

    private static float Grey(ReadOnlySpan<byte> pixel) => RedPart * pixel[0] + GreenPart * pixel[1] + BluePart * pixel[2];

    private static byte Rounded(float value) => (byte)Math.Clamp(MathF.Round(value), 0, 255);
}
