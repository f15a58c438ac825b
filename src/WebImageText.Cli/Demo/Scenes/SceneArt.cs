using System.Reflection;

namespace WebImageText.Cli.Demo.Scenes;

/// <summary>
/// The drawings: one SVG document a thing, in a box from -50 to 50, standing on y = 48. <c>currentColor</c> is the colour that
/// the caption names; everything else is drawn over it.
/// </summary>
internal static class SceneArt
{
    private static readonly Dictionary<string, string> Drawings = SceneKind.Listed.Concat(SceneKind.Unlisted)
        .Append(SceneKind.Overflowing).ToDictionary(kind => kind.Name, Load);

    /// <summary>The elements of a drawing, without the document around them.</summary>
    public static string Of(SceneKind kind) => Drawings[kind.Name];

    private static string Load(SceneKind kind)
    {
        var name = $"WebImageText.Cli.Demo.Art.{kind.Name}.svg";
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The drawing '{name}' is not part of the program: add Demo/Art/{kind.Name}.svg.");
        using var reader = new StreamReader(stream);
        var document = reader.ReadToEnd();
        return document[(document.IndexOf('>', StringComparison.Ordinal) + 1)..document.LastIndexOf("</svg>", StringComparison.Ordinal)];
    }
}
