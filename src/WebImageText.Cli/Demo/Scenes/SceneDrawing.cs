using System.Globalization;
using System.Text;

namespace WebImageText.Cli.Demo.Scenes;

/// <summary>Draws a scene: backdrop, things with their shadows, and what lies before them.</summary>
internal static class SceneDrawing
{
    public static string Of(Scene scene)
    {
        var svg = new Canvas(scene.Width, scene.Height, new Random(scene.Seed ^ 0xbac4));
        BackdropPainter.Behind(scene.Backdrop, svg);
        foreach (var figure in scene.Figures)
            Draw(svg, figure, scene.Backdrop.Stands(figure.Kind) && scene.Backdrop != Backdrop.Sea);
        BackdropPainter.Before(scene.Backdrop, svg);
        return svg.ToString();
    }

    private static void Draw(Canvas svg, Figure figure, bool shadow)
    {
        if (shadow)
            svg.Add($"<ellipse cx='{figure.X:0.#}' cy='{figure.Y + figure.Size * 0.48:0.#}' rx='{figure.Size * 0.46:0.#}' ry='{figure.Size * 0.07:0.#}' fill='#000' fill-opacity='.22'/>");
        var scale = figure.Size / 100;
        svg.Add($"<g transform='translate({figure.X:0.#} {figure.Y:0.#}) rotate({figure.Tilt:0.#}) scale({(figure.Flipped ? -scale : scale):0.###} {scale:0.###})' color='{figure.Colour.Css}' fill='currentColor' stroke='#2a2233' stroke-width='2.4' stroke-linejoin='round' stroke-linecap='round'>");
        svg.Add($"{SceneArt.Of(figure.Kind)}</g>");
    }
}

/// <summary>An SVG document that is being written, and the dice for its details.</summary>
internal sealed class Canvas
{
    private readonly StringBuilder _text = new(16_384);
    private int _gradients;

    public Canvas(int width, int height, Random random)
    {
        (Width, Height, Random) = (width, height, random);
        Add($"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}'>");
    }

    public int Width { get; }

    public int Height { get; }

    public Random Random { get; }

    public void Add(FormattableString element) => _text.AppendFormat(CultureInfo.InvariantCulture, element.Format, element.GetArguments());

    /// <summary>Fills an area from one colour at its top to another at its bottom.</summary>
    public void Fade(double top, double bottom, string from, string to)
    {
        _gradients++;
        Add($"<linearGradient id='g{_gradients}' x1='0' y1='0' x2='0' y2='1'><stop offset='0' stop-color='{from}'/><stop offset='1' stop-color='{to}'/></linearGradient>");
        Add($"<rect y='{top:0.#}' width='{Width}' height='{bottom - top:0.#}' fill='url(#g{_gradients})'/>");
    }

    /// <summary>A soft round patch.</summary>
    public void Glow(double x, double y, double radius, string colour, double opacity)
    {
        _gradients++;
        Add($"<radialGradient id='g{_gradients}'><stop offset='0' stop-color='{colour}' stop-opacity='{opacity:0.##}'/><stop offset='1' stop-color='{colour}' stop-opacity='0'/></radialGradient>");
        Add($"<circle cx='{x:0.#}' cy='{y:0.#}' r='{radius:0.#}' fill='url(#g{_gradients})'/>");
    }

    /// <summary>Everything below a rolling line, down to the lower edge.</summary>
    /// <param name="y">Mean height of the line, pixels from the top.</param>
    /// <param name="swing">How far the line rises and falls.</param>
    /// <param name="colour">Of everything below.</param>
    /// <param name="opacity">0-1.</param>
    public void Hills(double y, double swing, string colour, double opacity = 1)
    {
        var (waves, phase) = (Random.Between(0.6, 2.2), Random.Between(0, 6.28));
        Add($"<path fill='{colour}' fill-opacity='{opacity:0.##}' d='M0 {Height}");
        for (var step = 0; step <= 16; step++)
        {
            var at = step / 16.0;
            var height = y + swing * (Math.Sin(phase + at * waves * 6.28) + 0.4 * Math.Sin(2.3 * phase + at * waves * 15));
            Add($"L{at * Width:0.#} {height:0.#}");
        }
        Add($"L{Width} {Height}Z'/>");
    }

    public override string ToString() => _text + "</svg>";
}
