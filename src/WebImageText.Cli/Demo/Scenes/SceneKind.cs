namespace WebImageText.Cli.Demo.Scenes;

/// <summary>Where a thing is at home; on wall and paper it may be anywhere.</summary>
[Flags]
internal enum Habitat
{
    Ground = 1,
    Air = 2,
    /// <summary>On the water.</summary>
    Water = 4,
    /// <summary>Under it.</summary>
    Deep = 8,
    Indoors = 16,
}

/// <summary>A thing that is drawn: its name is its query, its class and the name of its drawing in <c>Art/</c>.</summary>
/// <param name="Name">One English word, lower case.</param>
/// <param name="Plural">More than one of it.</param>
/// <param name="Home">Where it is at home.</param>
/// <param name="Classic">The colour in which people look for it: "black" makes "black cat" a query.</param>
internal sealed record SceneKind(string Name, string Plural, Habitat Home, string? Classic = null)
{
    /// <summary>The things that the query list names.</summary>
    public static IReadOnlyList<SceneKind> Listed { get; } =
    [
        new("airplane", "airplanes", Habitat.Air, "white"),
        new("apple", "apples", Habitat.Ground | Habitat.Indoors, "red"),
        new("ball", "balls", Habitat.Ground | Habitat.Indoors, "blue"),
        new("bell", "bells", Habitat.Indoors, "yellow"),
        new("bicycle", "bicycles", Habitat.Ground, "red"),
        new("bird", "birds", Habitat.Air | Habitat.Ground, "yellow"),
        new("boat", "boats", Habitat.Water, "blue"),
        new("book", "books", Habitat.Indoors, "green"),
        new("bus", "buses", Habitat.Ground, "yellow"),
        new("butterfly", "butterflies", Habitat.Air, "orange"),
        new("cake", "cakes", Habitat.Indoors, "pink"),
        new("car", "cars", Habitat.Ground, "red"),
        new("carrot", "carrots", Habitat.Ground | Habitat.Indoors, "orange"),
        new("castle", "castles", Habitat.Ground, "white"),
        new("cat", "cats", Habitat.Ground | Habitat.Indoors, "black"),
        new("chair", "chairs", Habitat.Indoors, "brown"),
        new("cloud", "clouds", Habitat.Air, "pink"),
        new("cup", "cups", Habitat.Indoors, "blue"),
        new("dog", "dogs", Habitat.Ground | Habitat.Indoors, "brown"),
        new("drum", "drums", Habitat.Indoors, "red"),
        new("duck", "ducks", Habitat.Water | Habitat.Ground, "yellow"),
        new("fish", "fish", Habitat.Deep, "orange"),
        new("flower", "flowers", Habitat.Ground, "purple"),
        new("hat", "hats", Habitat.Indoors, "black"),
        new("heart", "hearts", Habitat.Air, "red"),
        new("house", "houses", Habitat.Ground, "white"),
        new("key", "keys", Habitat.Indoors, "yellow"),
        new("kite", "kites", Habitat.Air, "green"),
        new("lamp", "lamps", Habitat.Indoors, "orange"),
        new("lighthouse", "lighthouses", Habitat.Ground, "red"),
        new("moon", "moons", Habitat.Air, "yellow"),
        new("mushroom", "mushrooms", Habitat.Ground, "red"),
        new("owl", "owls", Habitat.Ground, "brown"),
        new("pear", "pears", Habitat.Ground | Habitat.Indoors, "green"),
        new("rabbit", "rabbits", Habitat.Ground, "white"),
        new("robot", "robots", Habitat.Ground | Habitat.Indoors, "blue"),
        new("rocket", "rockets", Habitat.Air, "white"),
        new("snail", "snails", Habitat.Ground, "pink"),
        new("star", "stars", Habitat.Air, "yellow"),
        new("strawberry", "strawberries", Habitat.Indoors, "red"),
        new("sun", "suns", Habitat.Air, "orange"),
        new("tent", "tents", Habitat.Ground, "green"),
        new("tree", "trees", Habitat.Ground, "green"),
        new("turtle", "turtles", Habitat.Ground | Habitat.Deep, "green"),
        new("umbrella", "umbrellas", Habitat.Air | Habitat.Indoors, "purple"),
        new("whale", "whales", Habitat.Water | Habitat.Deep, "blue"),
    ];

    /// <summary>Listed too, and drawn more often than its query has room: the case of a full query.</summary>
    public static SceneKind Overflowing { get; } = new("balloon", "balloons", Habitat.Air);

    /// <summary>Drawn, but in no query: the case of a caption that nobody asked for.</summary>
    public static IReadOnlyList<SceneKind> Unlisted { get; } =
        [new("cactus", "cacti", Habitat.Ground), new("teapot", "teapots", Habitat.Indoors)];

    /// <summary>Every query of the demo: each listed thing, its plural, and the thing in its usual colour.</summary>
    public static IReadOnlyList<string> Queries { get; } =
    [
        .. Listed.Append(Overflowing)
            .SelectMany(kind => new[] { kind.Name, kind.Plural, kind.Classic is null ? kind.Name : $"{kind.Classic} {kind.Name}" })
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    public override string ToString() => Name;
}
