namespace WebImageText.Cli.Demo.Scenes;

/// <summary>
/// Paints what is behind and before the things. No two scenes share a backdrop: hills, clouds and patches are large and
/// fall differently each time, so that a perceptual hash tells scenes apart by more than their small things.
/// </summary>
internal static class BackdropPainter
{
    private static readonly (string Top, string Low)[] Skies =
    [
        ("#5db4ee", "#d9f1ff"), ("#8fc7f2", "#fdf3dc"), ("#6ec6c9", "#e4f7ec"), ("#a7b9f0", "#fde4ec"), ("#f6b98a", "#fdeec8"),
        ("#78b6e8", "#f9dfe6"), ("#9fd8f5", "#ffffff"),
    ];

    private static readonly string[] Pastels =
        ["#f9d5d3", "#fbe3c0", "#fdf3c4", "#d8efcf", "#cdeaf0", "#d3dcf7", "#e6d6f3", "#f7d9ea", "#ece3d6", "#dfe5e3"];

    private static readonly string[] Tones =
        ["#d96459", "#e9a23b", "#e6d04c", "#7fb069", "#4fa3a5", "#5b7fc7", "#9a72c0", "#d77fa8", "#8b6f5c", "#ffffff", "#51576a"];

    private static readonly (string Mortar, string[] Bricks)[] Walls =
    [
        ("#d8cfc4", ["#b8694f", "#c27a5e", "#a95c45"]), ("#c9c9c9", ["#a39a90", "#b3aaa0", "#938a80"]),
        ("#efe6da", ["#d9bfa0", "#cfb08c", "#e3cdb2"]), ("#b9c0c9", ["#7f8fa3", "#8f9fb3", "#73839a"]),
    ];

    public static void Behind(Backdrop backdrop, Canvas svg)
    {
        Action<Canvas> paint = backdrop.Name switch
        {
            "sky" => Sky,
            "meadow" => Meadow,
            "sea" => Sea,
            "underwater" => Underwater,
            "night" => Night,
            "snow" => Snow,
            "desert" => Desert,
            "mountains" => Mountains,
            "room" => Room,
            "bricks" => Bricks,
            "dots" => Dots,
            "stripes" => Stripes,
            "mist" => Mist,
            _ => throw new ArgumentOutOfRangeException(nameof(backdrop), backdrop.Name, "No painter for this backdrop."),
        };
        paint(svg);
    }

    /// <summary>What covers the feet of the things: waves, and nothing elsewhere.</summary>
    public static void Before(Backdrop backdrop, Canvas svg)
    {
        if (backdrop == Backdrop.Sea)
            svg.Hills(svg.Height * 0.9, svg.Height * 0.02, svg.Random.Pick("#2f7fb8", "#2a8fa3", "#3a76c0"), 0.8);
    }

    private static void Sky(Canvas svg)
    {
        Air(svg, svg.Height);
        Puffs(svg, svg.Random.Next(4, 8), svg.Height);
        if (svg.Random.Chance(0.4))
            svg.Hills(svg.Height * svg.Random.Between(0.88, 0.97), svg.Height * 0.04, svg.Random.Pick("#9cc98a", "#8fb7d6", "#c9b98f"));
    }

    private static void Meadow(Canvas svg)
    {
        Air(svg, svg.Height);
        Puffs(svg, svg.Random.Next(1, 4), svg.Height * 0.4);
        Layers(svg, ["#a9d18e", "#8cc172", "#74b35c"], ["#9ccf9a", "#7dbd6d", "#69ad57"], ["#c3d88b", "#a3c96b", "#86b653"]);
        for (var tuft = 0; tuft < 22; tuft++)
        {
            var (x, y) = (svg.Random.Between(0, svg.Width), svg.Height * svg.Random.Between(0.8, 0.99));
            svg.Add($"<path d='M{x:0.#} {y:0.#}l-3 -8M{x:0.#} {y:0.#}l0 -10M{x:0.#} {y:0.#}l3 -8' stroke='#4f8f3f' stroke-width='1.5' fill='none'/>");
        }
        Specks(svg, 10, 0.78, 1, 2.6, "#ffffff", "#ffe082", "#f8bbd0");
    }

    private static void Sea(Canvas svg)
    {
        Air(svg, svg.Height);
        Puffs(svg, svg.Random.Next(2, 5), svg.Height * 0.4);
        var horizon = svg.Height * svg.Random.Between(0.42, 0.6);
        var (far, near) = svg.Random.Pick(("#7cc4dd", "#2b7fb0"), ("#8fd3cf", "#2a8a98"), ("#9db9e6", "#3d6cb4"));
        svg.Fade(horizon, svg.Height, far, near);
        if (svg.Random.Chance(0.5))
            svg.Add($"<ellipse cx='{svg.Random.Between(0, svg.Width):0.#}' cy='{horizon:0.#}' rx='{svg.Width * svg.Random.Between(0.1, 0.25):0.#}' ry='{svg.Height * svg.Random.Between(0.04, 0.1):0.#}' fill='#8aa58c'/><rect y='{horizon:0.#}' width='{svg.Width}' height='{svg.Height * 0.11:0.#}' fill='{far}'/>");
        for (var wave = 0; wave < 16; wave++)
        {
            var (x, y) = (svg.Random.Between(0, svg.Width), svg.Random.Between(horizon + 6, svg.Height));
            svg.Add($"<path d='M{x:0.#} {y:0.#}q7 -6 14 0t14 0' stroke='#fff' stroke-opacity='.5' stroke-width='2' fill='none'/>");
        }
    }

    private static void Underwater(Canvas svg)
    {
        var (top, low) = svg.Random.Pick(("#7fd4e6", "#1d5f92"), ("#8fe0d4", "#1f6f7c"), ("#a6d5f5", "#2f5fa8"));
        svg.Fade(0, svg.Height, top, low);
        for (var ray = 0; ray < 4; ray++)
        {
            var (x, wide, lean) = (svg.Random.Between(0, svg.Width), svg.Random.Between(15, 70), svg.Random.Between(-90, 90));
            svg.Add($"<path d='M{x:0.#} 0h{wide:0.#}l{lean + wide:0.#} {svg.Height}h{-2 * wide:0.#}Z' fill='#fff' fill-opacity='{svg.Random.Between(0.08, 0.22):0.##}'/>");
        }
        svg.Hills(svg.Height * 0.92, svg.Height * 0.04, svg.Random.Pick("#d9c48f", "#c7b58a", "#bfae9a"));
        for (var weed = 0; weed < 6; weed++)
        {
            var (x, tall) = (svg.Random.Between(0, svg.Width), svg.Height * svg.Random.Between(0.1, 0.35));
            svg.Add($"<path d='M{x:0.#} {svg.Height}q-10 {-tall / 4:0.#} 0 {-tall / 2:0.#}t0 {-tall / 2:0.#}' stroke='{svg.Random.Pick("#3e8e5a", "#5aa469", "#2f7d6b")}' stroke-width='{svg.Random.Between(4, 9):0.#}' stroke-linecap='round' fill='none'/>");
        }
        for (var bubble = 0; bubble < 14; bubble++)
            svg.Add($"<circle cx='{svg.Random.Between(0, svg.Width):0.#}' cy='{svg.Random.Between(0, svg.Height):0.#}' r='{svg.Random.Between(2, 7):0.#}' fill='#fff' fill-opacity='.3' stroke='#fff' stroke-opacity='.6'/>");
    }

    private static void Night(Canvas svg)
    {
        var (top, low) = svg.Random.Pick(("#141a3c", "#4a4a86"), ("#1b1440", "#6a4a86"), ("#0f2440", "#3a6a86"));
        svg.Fade(0, svg.Height, top, low);
        for (var haze = 0; haze < 4; haze++)
            svg.Glow(svg.Random.Between(0, svg.Width), svg.Random.Between(0, svg.Height * 0.7), svg.Width * svg.Random.Between(0.12, 0.35), svg.Random.Pick("#8f8fe0", "#c08fd8", "#7fb8e0"), 0.5);
        Specks(svg, 45, 0, 0.75, 1.7, "#ffffff", "#fff3c4");
        Layers(svg, ["#39406b", "#2f3559", "#262b4a"], ["#3d4a5f", "#31404f", "#273540"], ["#4a3d68", "#3c3157", "#302747"]);
    }

    private static void Snow(Canvas svg)
    {
        var (top, low) = svg.Random.Pick(("#9fb6d8", "#e6edf6"), ("#b3aed0", "#f3e6ec"), ("#8fb3c4", "#e4f1f2"));
        svg.Fade(0, svg.Height, top, low);
        Puffs(svg, svg.Random.Next(1, 5), svg.Height * 0.5);
        Layers(svg, ["#cfdcec", "#e0e9f4", "#f2f6fb"], ["#bccbe2", "#d3deee", "#edf2f9"], ["#d9d6e8", "#e6e4f1", "#f5f4fa"]);
        Specks(svg, 45, 0, 1, 2.8, "#ffffff");
    }

    private static void Desert(Canvas svg)
    {
        var (top, low) = svg.Random.Pick(("#7fc3e8", "#fbe9c6"), ("#f2a36b", "#fbe0a8"), ("#b4a3d9", "#f9d9b8"));
        svg.Fade(0, svg.Height, top, low);
        Layers(svg, ["#e8c27a", "#dcae62", "#cf9d50"], ["#e6b48a", "#d99f70", "#c98b5b"], ["#efd79a", "#e3c37c", "#d5b066"]);
        Specks(svg, 12, 0.8, 1, 3, "#b78a4a", "#a07a48");
    }

    private static void Mountains(Canvas svg)
    {
        Air(svg, svg.Height);
        Puffs(svg, svg.Random.Next(1, 4), svg.Height * 0.3);
        foreach (var (colour, shade) in new[] { ("#a3b1cc", "#8c9bb9"), ("#8590ad", "#707c9b") })
        {
            for (var peak = 0; peak < 3; peak++)
            {
                var (x, top, half) = (svg.Random.Between(-20, svg.Width + 20), svg.Height * svg.Random.Between(0.12, 0.45), svg.Width * svg.Random.Between(0.18, 0.36));
                var tall = svg.Height - top;
                svg.Add($"<path d='M{x:0.#} {top:0.#}l{half:0.#} {tall:0.#}h{-2 * half:0.#}Z' fill='{colour}'/><path d='M{x:0.#} {top:0.#}l{half:0.#} {tall:0.#}h{-half * 0.8:0.#}Z' fill='{shade}'/>");
                svg.Add($"<path d='M{x:0.#} {top:0.#}l{half * 0.24:0.#} {tall * 0.24:0.#}l{-half * 0.14:0.#} {-tall * 0.05:0.#}l{-half * 0.1:0.#} {tall * 0.07:0.#}l{-half * 0.12:0.#} {-tall * 0.07:0.#}l{-half * 0.12:0.#} {tall * 0.05:0.#}Z' fill='#fff'/>");
            }
        }
        Layers(svg, ["#9dbb8a", "#86a873", "#729660"], ["#a8b79a", "#909f82", "#7b8b6d"]);
    }

    private static void Room(Canvas svg)
    {
        var (wall, other) = (svg.Random.Pick(Pastels), svg.Random.Pick(Pastels));
        var floor = svg.Height * svg.Random.Between(0.68, 0.76);
        svg.Fade(0, svg.Height, wall, other);
        var stripe = svg.Random.Between(14, 40);
        for (var x = 0.0; x < svg.Width; x += stripe * 2)
            svg.Add($"<rect x='{x:0.#}' width='{stripe:0.#}' height='{floor:0.#}' fill='#fff' fill-opacity='.28'/>");
        svg.Fade(floor, svg.Height, svg.Random.Pick("#c99a6b", "#b98a62", "#d9b384", "#a9805f"), svg.Random.Pick("#a87849", "#8f6a4a", "#b98f5f"));
        svg.Add($"<rect y='{floor - 7:0.#}' width='{svg.Width}' height='7' fill='#fff' fill-opacity='.8'/>");
        for (var y = floor + 12; y < svg.Height; y += 15)
            svg.Add($"<path d='M0 {y:0.#}H{svg.Width}M{svg.Random.Between(0, svg.Width):0.#} {y:0.#}v15M{svg.Random.Between(0, svg.Width):0.#} {y:0.#}v15' stroke='#000' stroke-opacity='.15' stroke-width='1.5'/>");
        for (var frame = svg.Random.Next(1, 4); frame > 0; frame--)
        {
            var (x, y) = (svg.Random.Between(0, svg.Width * 0.85), svg.Random.Between(0, floor * 0.6));
            var (wide, tall) = (svg.Random.Between(30, 110), svg.Random.Between(30, 90));
            svg.Add($"<rect x='{x:0.#}' y='{y:0.#}' width='{wide:0.#}' height='{tall:0.#}' fill='{svg.Random.Pick(Pastels)}' stroke='{svg.Random.Pick("#8b6f5c", "#6a5a4c", "#fff")}' stroke-width='5'/><path d='M{x:0.#} {y + tall:0.#}l{wide / 3:0.#} {-tall / 2:0.#}l{wide / 3:0.#} {tall / 3:0.#}l{wide / 3:0.#} {-tall / 4:0.#}v{tall * 0.417:0.#}Z' fill='{svg.Random.Pick(Tones)}' fill-opacity='.55'/>");
        }
        svg.Glow(svg.Random.Between(0, svg.Width), svg.Random.Between(0, floor), svg.Width * 0.5, "#ffffff", 0.5);
    }

    private static void Bricks(Canvas svg)
    {
        var (mortar, tones) = svg.Random.Pick(Walls);
        svg.Add($"<rect width='100%' height='100%' fill='{mortar}'/>");
        var (wide, tall) = (svg.Random.Between(40, 64), svg.Random.Between(20, 30));
        foreach (var tone in tones)
        {
            svg.Add($"<path fill='{tone}' d='");
            for (var row = 0; row * tall < svg.Height; row++)
            {
                for (var x = row % 2 == 0 ? 0 : -wide / 2; x < svg.Width; x += wide)
                {
                    if (tone == tones[0] || svg.Random.Chance(0.33)) // the later tones cover some of the first one's bricks
                        svg.Add($"M{x + 1.5:0.#} {row * tall + 1.5:0.#}h{wide - 3:0.#}v{tall - 3:0.#}h{3 - wide:0.#}Z");
                }
            }
            svg.Add($"'/>");
        }
        Patches(svg, 0.5, "#000000", "#ffffff", "#ffffff", "#3a2a20");
    }

    private static void Dots(Canvas svg)
    {
        svg.Add($"<rect width='100%' height='100%' fill='{svg.Random.Pick(Pastels)}'/>");
        Patches(svg, 0.7, Tones);
        var (step, radius) = (svg.Random.Between(20, 38), svg.Random.Between(3, 6.5));
        svg.Add($"<g fill='{svg.Random.Pick("#ffffff", "#8b6f5c", "#5b7fc7", "#d77fa8", "#7fb069")}' fill-opacity='.55'>");
        for (var row = 0; row * step < svg.Height + step; row++)
        {
            for (var x = row % 2 * step / 2; x < svg.Width + step; x += step)
                svg.Add($"<circle cx='{x:0.#}' cy='{row * step:0.#}' r='{radius:0.#}'/>");
        }
        svg.Add($"</g>");
    }

    private static void Stripes(Canvas svg)
    {
        svg.Add($"<rect width='100%' height='100%' fill='{svg.Random.Pick(Pastels)}'/>");
        Patches(svg, 0.6, Tones);
        var (step, angle) = (svg.Random.Between(18, 48), svg.Random.Pick(0, 45, 90, 135) + svg.Random.Between(-12, 12));
        var reach = svg.Width + svg.Height;
        svg.Add($"<path transform='rotate({angle:0.#} {svg.Width / 2} {svg.Height / 2})' stroke='{svg.Random.Pick("#ffffff", "#ffffff", "#d3dcf7", "#fbe3c0")}' stroke-opacity='.6' stroke-width='{step / 2:0.#}' d='");
        for (var x = -reach / 2.0; x < reach; x += step)
            svg.Add($"M{x:0.#} {-reach}V{reach}");
        svg.Add($"'/>");
    }

    private static void Mist(Canvas svg)
    {
        svg.Fade(0, svg.Height, svg.Random.Pick(Pastels), svg.Random.Pick(Pastels));
        for (var patch = 0; patch < 9; patch++)
            svg.Glow(svg.Random.Between(0, svg.Width), svg.Random.Between(0, svg.Height), svg.Width * svg.Random.Between(0.15, 0.45), svg.Random.Pick(Tones), 0.75);
    }

    private static void Air(Canvas svg, double down)
    {
        var (top, low) = svg.Random.Pick(Skies);
        svg.Fade(0, down, top, low);
        svg.Glow(svg.Random.Between(0, svg.Width), svg.Random.Between(0, svg.Height * 0.6), svg.Width * svg.Random.Between(0.2, 0.5), "#ffffff", 0.6);
    }

    private static void Puffs(Canvas svg, int count, double down)
    {
        for (; count > 0; count--)
        {
            var (x, y, size) = (svg.Random.Between(0, svg.Width), svg.Random.Between(0, down), svg.Width * svg.Random.Between(0.07, 0.17));
            svg.Add($"<g fill='#fff' fill-opacity='{svg.Random.Between(0.45, 0.85):0.##}'><ellipse cx='{x:0.#}' cy='{y:0.#}' rx='{size * 1.3:0.#}' ry='{size * 0.42:0.#}'/><ellipse cx='{x - size * 0.35:0.#}' cy='{y - size * 0.3:0.#}' rx='{size * 0.5:0.#}' ry='{size * 0.42:0.#}'/><ellipse cx='{x + size * 0.35:0.#}' cy='{y - size * 0.22:0.#}' rx='{size * 0.6:0.#}' ry='{size * 0.38:0.#}'/></g>");
        }
    }

    /// <summary>Three ranges of hills, the nearest down to where feet stand.</summary>
    private static void Layers(Canvas svg, params string[][] palettes)
    {
        var palette = svg.Random.Pick(palettes);
        svg.Hills(svg.Height * svg.Random.Between(0.56, 0.66), svg.Height * svg.Random.Between(0.02, 0.07), palette[0]);
        svg.Hills(svg.Height * svg.Random.Between(0.68, 0.74), svg.Height * svg.Random.Between(0.02, 0.05), palette[1]);
        svg.Hills(svg.Height * svg.Random.Between(0.79, 0.82), svg.Height * 0.015, palette[2]);
    }

    private static void Specks(Canvas svg, int count, double from, double to, double radius, params string[] colours)
    {
        for (; count > 0; count--)
            svg.Add($"<circle cx='{svg.Random.Between(0, svg.Width):0.#}' cy='{svg.Height * svg.Random.Between(from, to):0.#}' r='{svg.Random.Between(radius / 2, radius):0.#}' fill='{svg.Random.Pick(colours)}' fill-opacity='.9'/>");
    }

    private static void Patches(Canvas svg, double opacity, params string[] colours)
    {
        for (var patch = 0; patch < 5; patch++)
            svg.Glow(svg.Random.Between(0, svg.Width), svg.Random.Between(0, svg.Height), svg.Width * svg.Random.Between(0.15, 0.42), svg.Random.Pick(colours), opacity * svg.Random.Between(0.5, 1));
    }
}
