using System.Text.RegularExpressions;
using System.Xml.Linq;
using WebImageText.Cli.Demo.Scenes;

namespace WebImageText.Tests.Demo;

[Collection(OneAtATime.Name)]
public partial class SceneTests
{
    private static readonly Scene[] Many = Scenes(5, 1_500);

    [Fact]
    public void The_same_seed_gives_the_same_pictures() => Assert.Equal(
        Scenes(3, 50).Select(scene => scene.Svg + scene.Caption), Scenes(3, 50).Select(scene => scene.Svg + scene.Caption));

    [Fact]
    public void Another_seed_gives_others() => Assert.NotEqual(Scenes(3, 1)[0].Svg, Scenes(4, 1)[0].Svg);

    [Fact]
    public void Every_drawing_is_well_formed_and_takes_its_colour()
    {
        foreach (var kind in SceneKind.Listed.Concat(SceneKind.Unlisted).Append(SceneKind.Overflowing))
        {
            var art = SceneArt.Of(kind);

            Assert.NotEmpty(XElement.Parse($"<g>{art}</g>").Elements());
        }
    }

    [Fact]
    public void Things_colours_counts_relations_and_backdrops_all_come_up()
    {
        var groups = Many.SelectMany(scene => scene.Groups).ToArray();

        Assert.Equal(SceneKind.Listed.Count, groups.Select(group => group.Kind).Distinct().Count());
        Assert.Equal(10, groups.Select(group => group.Colour).Distinct().Count());
        Assert.Equal([1, 2, 3, 4, 5], groups.Select(group => group.Count).Distinct().Order());
        Assert.Equal(Enum.GetValues<Relation>(), Many.Select(scene => scene.Relation).OfType<Relation>().Distinct().Order());
        Assert.Equal(13, Many.Select(scene => scene.Backdrop).Distinct().Count());
        Assert.Equal(9, Many.Select(scene => scene.Place).Distinct().Count());
    }

    [Fact]
    public void Every_thing_is_drawn_as_often_as_counted_and_inside_the_picture()
    {
        foreach (var scene in Many)
        {
            Assert.Equal(scene.Groups.Sum(group => group.Count), scene.Figures.Count);
            foreach (var figure in scene.Figures)
            {
                Assert.InRange(figure.X, figure.Size / 2, scene.Width - figure.Size / 2);
                Assert.InRange(figure.Y, figure.Size / 2, scene.Height - figure.Size / 2);
            }
        }
    }

    [Fact]
    public void What_stands_to_the_left_is_drawn_to_the_left()
    {
        foreach (var scene in Many.Where(scene => scene.Relation is not null))
        {
            var first = scene.Figures.Where(figure => figure.Kind == scene.Groups[0].Kind).ToArray();
            var second = scene.Figures.Where(figure => figure.Kind == scene.Groups[1].Kind).ToArray();

            Assert.True(scene.Relation switch
            {
                Relation.LeftOf => first.Max(figure => figure.X) < second.Min(figure => figure.X),
                Relation.RightOf => first.Min(figure => figure.X) > second.Max(figure => figure.X),
                Relation.Above => first.Max(figure => figure.Y) < second.Min(figure => figure.Y),
                _ => first.Min(figure => figure.Y) > second.Max(figure => figure.Y),
            }, scene.Caption);
        }
    }

    [Fact]
    public void A_single_thing_is_where_its_caption_says()
    {
        foreach (var scene in Many.Where(scene => scene.Groups is [{ Count: 1 }] && scene.Place != Place.Middle))
        {
            var figure = scene.Figures[0];
            var (x, y) = (figure.X / scene.Width, figure.Y / scene.Height);

            Assert.Equal(scene.Place.X, x < 0.4 ? -1 : x > 0.6 ? 1 : 0);
            Assert.Equal(Spaced(scene.Caption).Contains(" left ", StringComparison.Ordinal), x < 0.4);
            Assert.Equal(Spaced(scene.Caption).Contains(" right ", StringComparison.Ordinal), x > 0.6);
            if (scene.Caption.Contains("top", StringComparison.Ordinal) || scene.Caption.Contains("upper", StringComparison.Ordinal))
                Assert.True(y < 0.4, scene.Caption);
        }
    }

    [Fact]
    public void A_caption_names_colour_and_thing_of_every_group_and_no_other_query()
    {
        foreach (var scene in Many)
        {
            var words = Spaced(scene.Caption);
            foreach (var group in scene.Groups)
                Assert.Contains($" {group.Colour} {(group.Count > 1 ? group.Kind.Plural : group.Kind.Name)} ", words);

            var own = scene.Groups.SelectMany(group => new[] { group.Kind.Name, group.Kind.Plural }).ToArray();
            var found = SceneKind.Queries.Where(query => words.Contains($" {query} ", StringComparison.Ordinal));
            Assert.All(found, query => Assert.Contains(query.Split(' ')[^1], own));
        }
    }

    [Fact]
    public void Captions_are_worded_in_many_ways()
    {
        var frames = Many.Select(scene => scene.Groups.Aggregate(Spaced(scene.Caption), (text, group) => text
            .Replace(group.Colour.Name, "*", StringComparison.Ordinal).Replace(group.Kind.Plural, "*", StringComparison.Ordinal)
            .Replace(group.Kind.Name, "*", StringComparison.Ordinal)));

        Assert.True(frames.Distinct().Count() > 1_000);
    }

    private static Scene[] Scenes(int seed, int count)
    {
        var generator = new SceneGenerator(seed);
        return [.. Enumerable.Range(0, count).Select(_ => generator.Any())];
    }

    private static string Spaced(string text) => $" {string.Join(' ', Words().Matches(text.ToLowerInvariant()).Select(word => word.Value))} ";

    [GeneratedRegex(@"[\w']+")]
    private static partial Regex Words();
}
