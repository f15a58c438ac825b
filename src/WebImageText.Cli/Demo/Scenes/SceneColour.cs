namespace WebImageText.Cli.Demo.Scenes;

/// <summary>A colour that captions name.</summary>
/// <param name="Name">The English word.</param>
/// <param name="Css">As SVG writes it.</param>
internal sealed record SceneColour(string Name, string Css)
{
    public static IReadOnlyList<SceneColour> All { get; } =
    [
        new("red", "#e0413b"), new("orange", "#f58a1f"), new("yellow", "#f7d038"), new("green", "#43a84b"),
        new("blue", "#3a6fd8"), new("purple", "#8b4fc6"), new("pink", "#f78fb8"), new("brown", "#8f5b36"),
        new("black", "#2d2f36"), new("white", "#fcfaf4"),
    ];

    public static SceneColour Named(string name) => All.First(colour => colour.Name == name);

    public override string ToString() => Name;
}
