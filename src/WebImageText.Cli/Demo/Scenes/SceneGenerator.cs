namespace WebImageText.Cli.Demo.Scenes;

/// <summary>
/// Makes up scenes, the same ones for the same seed: what they show is evenly spread, where and before what is left to dice.
/// </summary>
internal sealed class SceneGenerator
{
    // Shorter sides of at least 264: scaled by 0.85 they are still above the 200 that are asked for. No side is a multiple of
    // 128: there PDQ samples a mirrored picture a whole pixel beside the original.
    private static readonly (int Width, int Height)[] Formats =
        [(376, 282), (360, 270), (378, 264), (352, 288), (320, 320), (288, 288), (288, 360), (264, 344)];

    private readonly Random _random;
    private readonly Deck<SceneKind> _kinds;
    private readonly Deck<SceneColour> _colours;
    private readonly Deck<int> _counts;
    private readonly Deck<Relation> _relations;

    public SceneGenerator(int seed)
    {
        _random = new Random(seed);
        _kinds = new(SceneKind.Listed, _random);
        _colours = new(SceneColour.All, _random);
        _counts = new([2, 3, 4, 5], _random);
        _relations = new(Enum.GetValues<Relation>(), _random);
    }

    /// <summary>A scene of any sort: one thing, several of a kind, or two kinds and how they stand to each other.</summary>
    public Scene Any() => _random.NextDouble() switch
    {
        < 0.42 => One(_kinds.Next()),
        < 0.62 => Several(_kinds.Next()),
        _ => Two(_kinds.Next()),
    };

    /// <summary>A single thing, in a place and of a size.</summary>
    public Scene One(SceneKind kind)
    {
        var group = new SceneGroup(kind, _colours.Next(), 1);
        var size = _random.Pick(SceneSize.Small, SceneSize.Usual, SceneSize.Usual, SceneSize.Big);
        return Paint([group], null, size);
    }

    /// <summary>2-5 things of one kind and colour.</summary>
    public Scene Several(SceneKind kind) => Paint([new(kind, _colours.Next(), _counts.Next())], null, SceneSize.Usual);

    /// <summary>Two kinds in two colours; side by side there may be two or three of one of them.</summary>
    public Scene Two(SceneKind kind)
    {
        var other = _kinds.Next();
        while (other == kind)
            other = _kinds.Next();
        var relation = _relations.Next();
        var more = relation is Relation.LeftOf or Relation.RightOf && _random.Chance(0.3) ? _random.Next(2, 4) : 1;
        var colour = _colours.Next();
        var otherColour = _colours.Next();
        while (otherColour == colour)
            otherColour = _colours.Next();
        return Paint([new(kind, colour, more), new(other, otherColour, 1)], relation, SceneSize.Usual);
    }

    /// <summary>Several things in a picture that is four times as wide as it is high.</summary>
    public Scene Panorama() => Paint([new(_kinds.Next(), _colours.Next(), _counts.Next())], null, SceneSize.Usual, (1040, 260));

    private Scene Paint(IReadOnlyList<SceneGroup> groups, Relation? relation, SceneSize size, (int, int)? format = null)
    {
        var backdrop = Behind(groups, relation);
        var (width, height) = format ?? _random.Pick(Formats);
        var place = groups is [{ Count: 1 } only] ? PlaceOf(only.Kind, backdrop, size) : Place.Middle;
        var scene = new Scene(_random.Next(), backdrop, width, height, groups, relation, place, size) { Figures = [] };
        return scene with { Figures = SceneLayout.Of(scene) };
    }

    private Backdrop Behind(IReadOnlyList<SceneGroup> groups, Relation? relation)
    {
        var places = Backdrop.Places.Where(place => groups.All(place.Suits) && Possible(place)).ToArray();
        return places.Length > 0 && _random.Chance(0.62) ? _random.Pick(places) : _random.Pick(Backdrop.Surfaces);

        // What is above must float there; what is below may stand.
        bool Possible(Backdrop place) => relation switch
        {
            Relation.Above => !place.Stands(groups[0].Kind),
            Relation.Below => !place.Stands(groups[1].Kind),
            _ => true,
        };
    }

    private Place PlaceOf(SceneKind kind, Backdrop backdrop, SceneSize size)
    {
        if (size == SceneSize.Big || _random.Chance(0.3))
            return Place.Middle;
        if (backdrop.Stands(kind))
            return new(_random.Pick(-1, 1), 0);
        return new(_random.Next(-1, 2), backdrop.Standing.Count > 0 ? 0 : _random.Next(-1, 2));
    }
}
