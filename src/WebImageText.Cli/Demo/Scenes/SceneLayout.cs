namespace WebImageText.Cli.Demo.Scenes;

/// <summary>Finds a spot for every thing of a scene, so that what its caption says is plain to see.</summary>
internal static class SceneLayout
{
    private readonly record struct Area(double Left, double Top, double Width, double Height);

    public static IReadOnlyList<Figure> Of(Scene scene)
    {
        var random = new Random(scene.Seed);
        var all = new Area(0, 0, scene.Width, scene.Height);
        IEnumerable<Figure> figures = scene.Groups is [{ Count: 1 } only]
            ? [Alone(scene, only, random)]
            : scene.Relation is not { } relation
                ? Together(scene, scene.Groups[0], all, random)
                : Share(all, relation).SelectMany((area, at) => Together(scene, scene.Groups[at], area, random));
        return [.. figures.OrderBy(figure => figure.Y + figure.Size / 2)];
    }

    /// <summary>The halves of the picture in which the first and the second group stand.</summary>
    private static Area[] Share(Area all, Relation relation)
    {
        var (half, middle) = (all.Width / 2, all.Height * 0.48);
        Area left = new(0, 0, half, all.Height), right = new(half, 0, half, all.Height);
        Area upper = new(0, 0, all.Width, middle), lower = new(0, middle, all.Width, all.Height - middle);
        return relation switch
        {
            Relation.LeftOf => [left, right],
            Relation.RightOf => [right, left],
            Relation.Above => [upper, lower],
            _ => [lower, upper],
        };
    }

    private static Figure Alone(Scene scene, SceneGroup group, Random random)
    {
        var shorter = Math.Min(scene.Width, scene.Height);
        var size = shorter * scene.Size switch
        {
            SceneSize.Small => random.Between(0.28, 0.34),
            SceneSize.Big => random.Between(0.68, 0.8),
            _ => scene.Place == Place.Middle ? random.Between(0.46, 0.6) : random.Between(0.4, 0.46),
        };
        var loose = scene.Place == Place.Middle ? 0.12 : 0.03; // no caption speaks of the middle
        var x = scene.Width * (0.5 + scene.Place.X * random.Between(0.27, 0.32) + random.Between(-loose, loose));
        var y = scene.Backdrop.Stands(group.Kind)
            ? Feet(scene, random.NextDouble()) - 0.48 * size
            : Height(scene) * (0.5 + scene.Place.Y * random.Between(0.27, 0.32) + random.Between(-loose, loose));
        return Draw(scene, group, x, y, size, random);
    }

    /// <summary>Up to three in a row, more in two.</summary>
    private static IEnumerable<Figure> Together(Scene scene, SceneGroup group, Area area, Random random)
    {
        var stands = scene.Backdrop.Stands(group.Kind);
        if (!stands)
            area = area with { Height = Math.Min(area.Height, Height(scene) - area.Top) };
        var rows = group.Count > 3 || group.Count > 1 && !stands && area.Width < area.Height * 0.8 ? 2 : 1;
        var across = (group.Count + rows - 1) / rows;
        var cell = Math.Min(area.Width / across, stands ? scene.Height * (rows == 2 ? 0.38 : 0.56) : area.Height / rows);
        var size = cell * random.Between(0.74, 0.86);
        var loose = (cell - size) / 2;
        for (var at = 0; at < group.Count; at++)
        {
            var row = at / across;
            var inRow = Math.Min(across, group.Count - row * across);
            var x = area.Left + (at % across + 0.5) * area.Width / inRow + random.Between(-loose, loose);
            if (stands && rows == 2 && inRow == across && group.Count % 2 == 0) // no one stands right before another
                x += (row - 0.5) * area.Width / across / 2;
            var y = !stands ? area.Top + (row + 0.5) * area.Height / rows + random.Between(-loose, loose)
                : (rows == 1 ? Feet(scene, random.NextDouble()) : scene.Height * (0.79 + 0.17 * row)) - 0.48 * size;
            yield return Draw(scene, group, x, y, size, random);
        }
    }

    private static Figure Draw(Scene scene, SceneGroup group, double x, double y, double size, Random random)
    {
        var half = size / 2;
        var tilt = scene.Backdrop.Stands(group.Kind) ? 0 : random.Between(-12, 12);
        return new(group.Kind, group.Colour, Math.Clamp(x, half, scene.Width - half), Math.Clamp(y, half, scene.Height - half), size,
            random.Chance(0.4), tilt);
    }

    /// <summary>Where feet touch the ground; 0 is far, 1 is near.</summary>
    private static double Feet(Scene scene, double near) => scene.Height * (0.87 + 0.09 * near);

    /// <summary>Down to where there is air; all the picture where nothing stands.</summary>
    private static double Height(Scene scene) => scene.Backdrop.Standing.Count > 0 ? scene.Height * 0.72 : scene.Height;
}
