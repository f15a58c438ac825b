namespace WebImageText.Cli.Demo.Scenes;

/// <summary>Tells in English what a scene shows: things, colours, counts, places and relations, in many wordings.</summary>
/// <remarks>
/// Sentences, not labels: language identification calls "An orange cup in a room" Zulu. No wording holds a query of its own.
/// </remarks>
internal static class SceneCaption
{
    private static readonly string[] Counts = ["no", "one", "two", "three", "four", "five"];

    /// <summary>True of every scene, and plainly English.</summary>
    private static readonly string[] Endings =
    [
        "drawn with thick dark lines", "in a drawing with bright colours", "with the strong outlines that children like",
        "painted in the simple style of a children's story", "as it might look in a story for children", "which is meant for young children",
        "in this cheerful little drawing", "just as someone might have drawn it for their children", "with nothing else in the way",
    ];

    public static string Of(Scene scene)
    {
        var random = new Random(scene.Seed ^ 0x5eed);
        var text = scene.Relation is { } relation ? Pair(scene, relation, random)
            : scene.Groups[0].Count > 1 ? Several(scene, random)
            : Single(scene, random);
        return char.ToUpperInvariant(text[0]) + text[1..] + (random.Chance(0.25) ? "." : "");
    }

    private static string Single(Scene scene, Random random)
    {
        var thing = Thing(scene.Groups[0], scene.Size, random);
        var where = Where(scene, random);
        var ending = random.Pick(Endings);
        return PlaceWords(scene.Place, random) is not { } place
            ? random.Pick(
                $"the picture shows {thing} {where}, {ending}", $"this is a drawing of {thing} {where}, {ending}",
                $"there is {thing} {where} here, {ending}", $"{thing} can be seen {where}, {ending}",
                $"here you can see what {thing} looks like {where}", $"{where} there is {thing}, {ending}",
                $"it is {thing} {where} that you can see in this drawing", $"an illustration that shows {thing} {where}, {ending}")
            : random.Pick(
                $"{thing} can be seen {where}, {place} of the picture", $"there is {thing} {place} of this picture, {where}",
                $"this is a drawing of {thing} {where}, {place}, {ending}", $"{place} of the picture there is {thing}, {ending}",
                $"the drawing shows {thing} {place}, {where}, {ending}", $"if you look {place} of the picture, there is {thing} {where}",
                $"what we see {place} of this drawing is {thing} {where}");
    }

    private static string Several(Scene scene, Random random)
    {
        var things = Thing(scene.Groups[0], SceneSize.Usual, random);
        var where = Where(scene, random);
        var ending = random.Pick(Endings);
        return random.Pick(
            $"the picture shows {things} {where}, {ending}", $"this is a drawing of {things} {where}, {ending}",
            $"there are {things} {where} in this picture, {ending}", $"{things} can be seen together {where}, {ending}",
            $"{where} there are {things}, {ending}", $"here you can see what {things} look like {where}",
            $"how many are there? You can count {things} {where}");
    }

    private static string Pair(Scene scene, Relation relation, Random random)
    {
        var first = Thing(scene.Groups[0], SceneSize.Usual, random);
        var second = Thing(scene.Groups[1], SceneSize.Usual, random);
        var how = relation switch
        {
            Relation.LeftOf => random.Pick("to the left of", "on the left of", "on the left side of"),
            Relation.RightOf => random.Pick("to the right of", "on the right of", "on the right side of"),
            Relation.Above => random.Pick("above", "higher up than", "over"),
            _ => random.Pick("below", "underneath", "lower down than"),
        };
        var verb = scene.Groups[0].Count > 1 ? "are" : "is";
        var where = PairWhere(scene, random);
        var ending = random.Pick(Endings);
        return random.Pick(
            $"the picture shows {first} {how} {second}{where}, {ending}", $"this is a drawing of {first} {how} {second}, {ending}",
            $"there {verb} {first} {how} {second}{where} in this picture, {ending}", $"{first} {verb} {how} {second}{where}, {ending}",
            $"you can see that {first} {verb} {how} {second}{where}, {ending}", $"what this drawing shows {verb} {first} {how} {second}, {ending}");
    }

    private static string Thing(SceneGroup group, SceneSize size, Random random)
    {
        var adjective = size switch
        {
            SceneSize.Small => random.Pick("small ", "little ", "tiny "),
            SceneSize.Big => random.Pick("big ", "large ", "huge "),
            _ => "",
        };
        var words = $"{adjective}{group.Colour} {(group.Count > 1 ? group.Kind.Plural : group.Kind.Name)}";
        return group.Count > 1 ? $"{Counts[group.Count]} {words}" : (words[0] is 'o' ? "an " : "a ") + words;
    }

    private static string Where(Scene scene, Random random) =>
        random.Pick(scene.Backdrop.Stands(scene.Groups[0].Kind) ? scene.Backdrop.Standing : scene.Backdrop.Floating);

    // Of two kinds one may stand and one fly: only where both do the same can one phrase say so.
    private static string PairWhere(Scene scene, Random random) =>
        scene.Backdrop.Stands(scene.Groups[0].Kind) == scene.Backdrop.Stands(scene.Groups[1].Kind) ? " " + Where(scene, random) : "";

    private static string? PlaceWords(Place place, Random random) => (place.X, place.Y) switch
    {
        (0, 0) => null,
        (-1, 0) => "on the left",
        (1, 0) => "on the right",
        (0, -1) => "at the top",
        (0, 1) => "at the bottom",
        var (x, y) => $"in the {random.Pick(y < 0 ? "top" : "bottom", y < 0 ? "upper" : "lower")} {(x < 0 ? "left" : "right")} corner",
    };
}
