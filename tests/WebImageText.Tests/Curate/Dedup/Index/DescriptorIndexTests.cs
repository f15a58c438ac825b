using System.Numerics.Tensors;
using System.Text;
using WebImageText.Curate.Dedup;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Curate.Dedup.Index;
using WebImageText.Curate.Dedup.Search;
using WebImageText.Curate.Pixels;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Curate.Dedup.Index;

public sealed class DescriptorIndexTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Copies_are_nearest_to_their_own_image_and_bad_files_are_named()
    {
        var pictures = Enumerable.Range(0, 8).Select(Picture).ToArray();
        using var describer = new PdqDescriber();
        var head = DescriptorIndexBuilder.Build(At("i"),
            [("one", pictures[..4].Select((bytes, at) => new NamedImage($"{at}.jpg", bytes)).Append(new NamedImage("broken.jpg", new byte[100]))),
             ("two", pictures[4..].Select((bytes, at) => new NamedImage($"{at}.jpg", bytes)))], describer, stop: TestContext.Current.CancellationToken);

        using var index = DescriptorIndex.Open(At("i"));

        Assert.Equal(8, index.Images);
        Assert.Equal("broken.jpg", Assert.Single(head.Sets[0].Unread).File);
        for (var at = 0; at < 8; at++)
        {
            var mirrored = CopyEdits.Of(pictures[at]).Single(edit => edit.Edit == "mirror").Jpeg;
            Assert.Null(describer.TryDescribe(mirrored, withViews: false, out var copy));
            var winner = ExactSearch.Nearest(new DescriptorMatrix("copy", describer.Model, 256, copy.Rows), index.Rows)[0];
            Assert.Equal($"{(at < 4 ? "one" : "two")}/{at % 4}.jpg", index.NameOf(index.ImageOf(winner.Row)));
            Assert.InRange(winner.Score, PdqDescriber.ScoreOf(31), 1);
        }
    }

    [Fact]
    public void A_grey_copy_also_mirrored_is_one_with_a_view_of_its_image()
    {
        using var describer = new DetectorDescriber(DetectorModel.Open(DetectorModel.DefaultPath, threads: 1));
        var picture = Picture(3);
        Assert.Null(describer.TryDescribe(picture, withViews: true, out var views));
        var decoded = Assert.IsType<Decoded.Picture>(new PictureDecoder(new()).Decode(picture));
        using var coloured = decoded.Raster;
        using var grey = EvaluationViews.Grey(coloured);
        using var mirrored = Upright.Turn(EvaluationViews.Grey(coloured), 2);

        Assert.All(new[] { grey, mirrored }, copy =>
        {
            Assert.Null(describer.TryDescribe(Vips.Encode(copy, new() { Quality = 80 }), withViews: false, out var described));
            var scores = views.Rows.Chunk(describer.Dimension).Select(view => TensorPrimitives.Dot<float>(view, described.Rows)).ToArray();
            Assert.InRange(scores.Max(), 0.97f, 1.001f);
            Assert.InRange(scores[0], -1, 0.9f); // in colours it is another picture
        });
    }

    [Fact]
    public void Its_id_follows_the_content_and_not_the_thresholds()
    {
        var one = Build("a", 1, 2);
        Assert.Equal(one, Build("b", 1, 2));
        Assert.NotEqual(one, Build("c", 1, 3));
        using (var index = DescriptorIndex.Open(At("a")))
            index.WriteWith(At("d"), [.. index.Head.Sets.Select(set => set with { Threshold = 0.5f })]);
        using var changed = DescriptorIndex.Open(At("d"));
        Assert.Equal((one, 0.5f), (changed.Head.Id, changed.ThresholdOf(0)));
    }

    [Fact]
    public void Another_model_a_changed_name_and_another_file_are_refused()
    {
        Build("a", 1, 2);
        using (var index = DescriptorIndex.Open(At("a")))
            Assert.Contains("not with sscd.onnx", Assert.Throws<InvalidDataException>(() => index.RequireModel(new('a', 64), "sscd.onnx")).Message, StringComparison.Ordinal);
        var bytes = File.ReadAllBytes(At("a"));
        var name = bytes.AsSpan().LastIndexOf("0.jpg"u8);
        "9"u8.CopyTo(bytes.AsSpan(name));
        File.WriteAllBytes(At("b"), bytes);
        Assert.Contains("not what its id says", Assert.Throws<InvalidDataException>(() => DescriptorIndex.Open(At("b"))).Message, StringComparison.Ordinal);
        using (var writer = new DescriptorWriter(At("c"), PdqDescriber.ModelHash, 2))
        {
            writer.Add([1, 0]);
            writer.Finish(Encoding.UTF8.GetBytes("{\"names\": []}"));
        }
        Assert.Contains("no evaluation index", Assert.Throws<InvalidDataException>(() => DescriptorIndex.Open(At("c"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stored_descriptor_of_another_model_is_not_taken_for_one_of_this()
    {
        float[] row = [0.6f, 0.8f];
        var cell = StoredDescriptor.Write(row, new('a', 64));

        Assert.Equal(row, StoredDescriptor.TryRead(cell, new('a', 64), 2, out _)!.Select(value => MathF.Round(value, 3)));
        Assert.Null(StoredDescriptor.TryRead(cell, new('b', 64), 2, out var model));
        Assert.Null(StoredDescriptor.TryRead(cell, new('a', 64), 3, out var length));
        Assert.Contains("of model aaaaaaaaaaaa", model, StringComparison.Ordinal);
        Assert.Contains("4 bytes, not 6", length, StringComparison.Ordinal);
        Assert.Null(StoredDescriptor.TryRead([], new('a', 64), 2, out _));
    }

    private string Build(string name, params int[] seeds)
    {
        using var describer = new PdqDescriber();
        return DescriptorIndexBuilder.Build(At(name), [("set", seeds.Select((seed, at) => new NamedImage($"{at}.jpg", Picture(seed))))], describer).Id;
    }

    // Soft patches of colour: enough for a perceptual hash.
    private static byte[] Picture(int seed)
    {
        var random = new Random(seed);
        using var small = new Raster(11, 9);
        random.NextBytes(small.Pixels);
        using var large = Resampler.Resize(small, 330, 270, Interpolation.Cubic);
        return Vips.Encode(large, new() { Quality = 90 });
    }

    private string At(string name) => _folder.File(name);
}
