namespace WebImageText.Cli.Demo.Scenes;

/// <summary>What is behind the things of a scene.</summary>
/// <param name="Name">Its name in the evaluation set's labels.</param>
/// <param name="Home">Who is at home before it; 0 is a surface on which anything may be drawn anywhere.</param>
/// <param name="Standing">How a caption says that something stands there.</param>
/// <param name="Floating">How a caption says that something is in the air there.</param>
/// <param name="Hidden">Colours that would hardly be seen before it.</param>
internal sealed record Backdrop(
    string Name, Habitat Home, IReadOnlyList<string> Standing, IReadOnlyList<string> Floating, params IReadOnlyList<string> Hidden)
{
    public static readonly Backdrop Sky = new("sky", Habitat.Air, [], ["in the sky", "high up in the sky", "in the wide sky"], "blue", "white");
    public static readonly Backdrop Meadow = new("meadow", Habitat.Ground | Habitat.Air,
        ["on the grass", "in a meadow", "on a grassy hill"], ["above a meadow", "over the grass"], "green");
    public static readonly Backdrop Sea = new("sea", Habitat.Water, ["on the sea", "on the waves", "at sea"], [], "blue");
    public static readonly Backdrop Underwater = new("underwater", Habitat.Deep, [], ["under water", "deep under water", "below the waves"], "blue");
    public static readonly Backdrop Night = new("night", Habitat.Ground | Habitat.Air,
        ["at night", "on a dark hill at night"], ["in the night sky", "in the dark of the night"], "black");
    public static readonly Backdrop Snow = new("snow", Habitat.Ground, ["in the snow", "on a snowy hill", "in winter snow"], [], "white");
    public static readonly Backdrop Desert = new("desert", Habitat.Ground, ["in the desert", "on the sand", "on a sandy dune"], [], "yellow", "orange");
    public static readonly Backdrop Mountains = new("mountains", Habitat.Ground, ["in the mountains", "in front of high mountains"], []);
    public static readonly Backdrop Room = new("room", Habitat.Indoors, ["in a room", "on a wooden floor", "on the floor of a room"], [], "brown");
    public static readonly Backdrop Bricks = new("bricks", 0, [], ["on a brick wall", "in front of a brick wall"]);
    public static readonly Backdrop Dots = new("dots", 0, [], ["on dotted paper", "on a dotted background"]);
    public static readonly Backdrop Stripes = new("stripes", 0, [], ["on striped paper", "on a striped background"]);
    public static readonly Backdrop Mist = new("mist", 0, [], ["in a colourful mist", "on a blurry background"]);

    public static IReadOnlyList<Backdrop> Surfaces { get; } = [Bricks, Dots, Stripes, Mist];

    public static IReadOnlyList<Backdrop> Places { get; } = [Sky, Meadow, Sea, Underwater, Night, Snow, Desert, Mountains, Room];

    /// <summary>Anything may be drawn anywhere on it.</summary>
    public bool IsSurface => Home == 0;

    /// <summary>Things of this kind stand here; otherwise they float.</summary>
    public bool Stands(SceneKind kind) => Standing.Count > 0 && (kind.Home & (Home & ~Habitat.Air)) != 0 && !Flies(kind);

    /// <summary>A thing of the air keeps to it where there is any.</summary>
    private bool Flies(SceneKind kind) => Floating.Count > 0 && (kind.Home & Habitat.Air) != 0;

    public bool Suits(SceneGroup group) =>
        (IsSurface || (group.Kind.Home & Home) != 0) && !Hidden.Contains(group.Colour.Name);
}
