using CsCheck;
using WebImageText.Curate.Dedup.Groups;

namespace WebImageText.Tests.Curate.Dedup.Groups;

public sealed class CopyGroupsTests
{
    [Fact]
    public void The_largest_stays_then_the_best_described_then_the_first_by_uid()
    {
        var groups = CopyGroups.Find([Of("d", bytes: "x", pixels: 100), Of("c", bytes: "x", pixels: 200), Of("b", bytes: "x", pixels: 200, caption: 5), Of("a", bytes: "x", pixels: 200, caption: 5)]);

        Assert.Equal([3, 0, 1, 2], Assert.Single(groups).Members);
        Assert.Equal([3, 0, 1], CopyGroups.Find([Of("d", bytes: "x"), Of("c", bytes: "x"), Of("z", bytes: "y"), Of("b", bytes: "x")])[0].Members);
    }

    [Fact]
    public void Bytes_pixels_looks_and_descriptors_tie_pictures_together()
    {
        var hash = new PdqHash(1, 2, 3, 4);
        PictureRecord[] pictures =
        [
            Of("0", bytes: "x"), Of("1", bytes: "x", stored: "p"), Of("2", stored: "p", hash: hash), Of("3", hash: hash with { W0 = hash.W0 ^ 0x7fff_ffff }),
            Of("4", hash: hash with { W1 = 0xffff_ffff_ffff_ffff }), Of("5"), Of("6"),
        ];
        var group = Assert.Single(CopyGroups.Find(pictures, [(3, 6)]));

        Assert.Equal([0, 1, 2, 3, 6], group.Members);
        Assert.Equal([CopyEvidence.Bytes, CopyEvidence.Pixels, CopyEvidence.Look, CopyEvidence.Descriptor], group.Evidence.Skip(1));
    }

    [Fact]
    public void A_picture_that_is_everywhere_is_a_placeholder()
    {
        var groups = CopyGroups.Find([.. Enumerable.Range(0, 1500).Select(at => Of($"{at}", hash: new(1, 2, 3, 4))), Of("x", bytes: "b"), Of("y", bytes: "b")]);

        Assert.Equal([(1500, true), (2, false)], groups.Select(group => (group.Members.Count, group.IsPlaceholder)));
    }

    [Fact]
    public void Groups_do_not_depend_on_the_order_of_the_pictures() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 2]).Array[2, 40].Sample(keys =>
        {
            var pictures = keys.Select((key, at) => Of($"uid {at}", bytes: $"{key.Item1}{at % 5}", stored: $"{key.Item2}{at % 3}", pixels: key.Item3)).ToArray();
            var order = pictures.Reverse().ToArray();

            Assert.Equal(Named(pictures), Named(order));
        });

    private static HashSet<string> Named(PictureRecord[] pictures) => [.. CopyGroups.Find(pictures).Select(group =>
        $"{pictures[group.Keeper].Uid}: {string.Join(", ", group.Members.Select(at => pictures[at].Uid).Order(StringComparer.Ordinal))}")];

    private static PictureRecord Of(string uid, string? bytes = null, string? stored = null, PdqHash? hash = null, long pixels = 1, int caption = 1) =>
        new(uid, bytes, stored, hash, pixels, caption);
}
