using System.Formats.Tar;
using NetVips;
using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Evaluate;
using WebImageText.Learn.Tests.Clip;
using WebImageText.Learn.Text;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Evaluate;

/// <summary>A tiny model learns four colours from captions, then names them in pictures that it has not seen.</summary>
public sealed class ZeroShotTests : IDisposable
{
    private static readonly Dictionary<string, (int R, int G, int B)> Colours = new()
    {
        ["red"] = (220, 30, 30),
        ["green"] = (30, 200, 40),
        ["blue"] = (30, 40, 220),
        ["dark_grey"] = (60, 60, 60),
    };

    private static readonly string[] Captions = ["{}", "a {} picture", "something {}"];

    private static readonly ClipConfiguration Small = new(
        32, new VisionTransformerConfiguration { ImageSize = 16, PatchSize = 8, Width = 32, Layers = 1, HeadWidth = 16 },
        new() { ContextLength = 16, VocabularySize = 8_192, Width = 32, Heads = 2, Layers = 1 }, QuickGelu: true);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wit-zero-shot-");

    public void Dispose() => _folder.Delete(recursive: true);

    private CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_model_that_learned_colours_names_them_in_new_pictures()
    {
        WriteClassFolders();
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "set", "red", "broken.png"), "no picture", Stop);
        using var encoder = new ClipEncoder(Trained(), ClipTokenizer.Shipped);
        var set = await LabelledSet.OpenAsync(Path.Combine(_folder.FullName, "set"), "cls", Stop);
        var prompts = new ClassPrompts(ClassPrompts.LoadNames(null, set.Classes), ["a {} picture", "something {}"]);
        var cache = Path.Combine(_folder.FullName, "cache");

        using var classifier = TextClassifier.Make(encoder, prompts, cache);
        var score = await ZeroShot.ScoreAsync(encoder, classifier, set, batch: 5, null, Stop);

        Assert.Equal(["blue", "dark_grey", "green", "red"], set.Classes);
        Assert.Equal((24, 1.0, 1.0), (score.Images, score.Accuracy, score.MeanPerClass));
        Assert.Contains("broken.png", Assert.Single(score.Broken).Name, StringComparison.Ordinal);
        Assert.InRange(score.Interval(0.95).Low, 0.85, 0.86); // 0.025^(1/24)
        using var kept = TextClassifier.Make(encoder, prompts, cache);
        Assert.True(kept.WasKept && !classifier.WasKept);
        Assert.True(kept.Weights.equal(classifier.Weights).all().item<bool>());
        using var other = TextClassifier.Make(encoder, prompts with { Templates = ["a {} picture"] }, cache);
        Assert.False(other.WasKept);
    }

    [Fact]
    public async Task Shards_give_the_same_score_as_class_folders()
    {
        WriteClassFolders();
        var set = await LabelledSet.OpenAsync(Path.Combine(_folder.FullName, "set"), "cls", Stop);
        var tar = Path.Combine(_folder.FullName, "00000.tar");
        await using (var writer = new TarWriter(File.Create(tar), TarEntryFormat.Ustar))
        {
            var at = 0;
            await foreach (var image in set.ReadAsync(Stop))
            {
                Write(writer, $"{at:0000}.png", image.Bytes.ToArray());
                Write(writer, $"{at++:0000}.cls", System.Text.Encoding.UTF8.GetBytes(set.Classes[image.Class]));
            }
        }
        using var encoder = new ClipEncoder(Trained(), ClipTokenizer.Shipped);

        var shards = await LabelledSet.OpenAsync(tar, "cls", Stop);
        using var classifier = TextClassifier.Make(encoder, new(ClassPrompts.LoadNames(null, shards.Classes), ClassPrompts.Bare), null);
        var score = await ZeroShot.ScoreAsync(encoder, classifier, shards, batch: 64, null, Stop);

        Assert.Empty(score.Broken);
        Assert.Equal(set.Classes, shards.Classes);
        Assert.Equal((24, 24), (score.Images, score.Right));
        await Assert.ThrowsAsync<LabelledSetException>(() => LabelledSet.OpenAsync(tar, "nothing", Stop));

        static void Write(TarWriter writer, string name, byte[] bytes) =>
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(bytes) });
    }

    [Fact]
    public void A_classifier_is_the_mean_direction_of_its_texts()
    {
        using var scope = torch.NewDisposeScope();
        using var encoder = new ClipEncoder(new(Small), ClipTokenizer.Shipped);

        using var classifier = TextClassifier.Make(encoder, new([["crane", "bird"], ["box"]], ["a {}", "the {}."]), null);

        var texts = encoder.Texts(["a crane", "the crane.", "a bird", "the bird."]);
        Assert.InRange(Parity.Distance(Parity.Unit(texts.mean([0]).unsqueeze(0)), classifier.Weights.narrow(0, 0, 1)), 0, 1e-5);
    }

    [Theory]
    [InlineData("""{"red": ["scarlet", "crimson"], "blue": "azure"}""", "scarlet|crimson,azure")]
    [InlineData("""["one", "two"]""", "one,two")]
    [InlineData("one|uno\ntwo\n", "one|uno,two")]
    public void Class_names_are_read_from_objects_lists_and_lines(string text, string expected)
    {
        var path = Path.Combine(_folder.FullName, "names");
        File.WriteAllText(path, text);

        Assert.Equal(expected, string.Join(',', ClassPrompts.LoadNames(path, ["red", "blue"]).Select(names => string.Join('|', names))));
    }

    [Theory]
    [InlineData("""{"red": "scarlet"}""")]
    [InlineData("""{"red": 3, "blue": "b"}""")]
    [InlineData("one")]
    [InlineData("{")]
    public void Class_names_that_do_not_fit_are_refused(string text)
    {
        var path = Path.Combine(_folder.FullName, "names");
        File.WriteAllText(path, text);

        Assert.Throws<LabelledSetException>(() => ClassPrompts.LoadNames(path, ["red", "blue"]));
    }

    [Fact]
    public void The_names_and_templates_of_ImageNet_are_read()
    {
        var templates = ClassPrompts.LoadTemplates(WebImageText.Tests.Support.SharedData.Require("clip/imagenet_templates.json"));
        var names = ClassPrompts.LoadNames(
            WebImageText.Tests.Support.SharedData.Require("clip/imagenet_classnames.json"), [.. Enumerable.Range(0, 1000).Select(at => $"{at}")]);

        Assert.Equal((80, 1000, "tench"), (templates.Count, names.Count, names[0][0]));
        Assert.Equal("a bad photo of a tench.", new ClassPrompts(names, templates).TextsOf(0).First());
    }

    private void WriteClassFolders()
    {
        var dice = new Random(3);
        foreach (var (name, colour) in Colours)
        {
            var folder = _folder.CreateSubdirectory(Path.Combine("set", name)).FullName;
            for (var at = 0; at < 6; at++)
                Picture(colour, dice, 20 + 7 * at, 31).WriteToFile(Path.Combine(folder, $"{at}.png"));
        }
    }

    private static Image Picture((int R, int G, int B) colour, Random dice, int width, int height)
    {
        var pixels = new byte[3 * width * height];
        for (var at = 0; at < pixels.Length; at += 3)
            (pixels[at], pixels[at + 1], pixels[at + 2]) = (Near(colour.R), Near(colour.G), Near(colour.B));
        return Image.NewFromMemory(pixels, width, height, 3, Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb);

        byte Near(int value) => (byte)Math.Clamp(value + dice.Next(-25, 26), 0, 255);
    }

    // A few plain steps: training proper is tested elsewhere.
    private static ClipModel Trained()
    {
        torch.manual_seed(1);
        var model = new ClipModel(Small);
        using var scope = torch.NewDisposeScope();
        using var optimizer = torch.optim.AdamW(model.parameters(), lr: 3e-3);
        var dice = new Random(1);
        var mean = torch.tensor([.. Preprocessing.Clip.Mean]).view(1, 3, 1, 1);
        var deviation = torch.tensor([.. Preprocessing.Clip.Deviation]).view(1, 3, 1, 1);
        var tokens = new long[4, 16];
        for (var step = 0; step < 90; step++)
        {
            using var inner = torch.NewDisposeScope();
            foreach (var (at, name) in Colours.Keys.Index())
                ClipTokenizer.Shipped.Encode(
                    Captions[step % 3].Replace("{}", name.Replace('_', ' '), StringComparison.Ordinal),
                    System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref tokens[at, 0], 16), out _);
            var flat = Colours.Values.SelectMany(c => new[] { c.R, c.G, c.B }.Select(v => (v + dice.Next(-20, 21)) / 255f)).ToArray();
            var pixels = (torch.tensor(flat).view(4, 3, 1, 1).expand(4, 3, 16, 16) - mean) / deviation;
            var logits = model.LogitScale.exp() * Parity.Unit(model.EncodeImage(pixels)).matmul(Parity.Unit(model.EncodeText(torch.tensor(tokens))).t());
            var loss = nn.functional.cross_entropy(logits, torch.arange(4)) + nn.functional.cross_entropy(logits.t(), torch.arange(4));
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
        }
        return model;
    }
}
