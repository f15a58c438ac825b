namespace WebImageText.Cli.Demo.Scenes;

/// <summary>Things of one kind and colour, 1-5 of them.</summary>
internal sealed record SceneGroup(SceneKind Kind, SceneColour Colour, int Count);

/// <summary>Where the second group is seen from the first.</summary>
internal enum Relation
{
    LeftOf,
    RightOf,
    Above,
    Below,
}

/// <summary>Where a single thing is in the picture; x and y are -1, 0 or 1.</summary>
internal readonly record struct Place(int X, int Y)
{
    public static Place Middle => default;
}

/// <summary>How large a single thing is.</summary>
internal enum SceneSize
{
    Small,
    Usual,
    Big,
}

/// <summary>One thing as it is drawn.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Colour">Its colour.</param>
/// <param name="X">Centre, pixels.</param>
/// <param name="Y">Centre, pixels.</param>
/// <param name="Size">Side of its box, pixels.</param>
/// <param name="Flipped">It looks to the other side.</param>
/// <param name="Tilt">Degrees.</param>
internal sealed record Figure(SceneKind Kind, SceneColour Colour, double X, double Y, double Size, bool Flipped, double Tilt);

/// <summary>A picture: what it shows, which the caption tells, and where each thing stands.</summary>
/// <param name="Seed">Of everything that the caption does not tell: the backdrop's details and the wording.</param>
/// <param name="Backdrop">What is behind the things.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Groups">One group, or two with a relation.</param>
/// <param name="Relation">Of the first group to the second.</param>
/// <param name="Place">Of a single thing.</param>
/// <param name="Size">Of a single thing.</param>
internal sealed record Scene(
    int Seed, Backdrop Backdrop, int Width, int Height, IReadOnlyList<SceneGroup> Groups, Relation? Relation, Place Place,
    SceneSize Size)
{
    /// <summary>The things, farthest first.</summary>
    public required IReadOnlyList<Figure> Figures { get; init; }

    /// <summary>True English for what is drawn.</summary>
    public string Caption => SceneCaption.Of(this);

    /// <summary>The picture as an SVG document.</summary>
    public string Svg => SceneDrawing.Of(this);
}
