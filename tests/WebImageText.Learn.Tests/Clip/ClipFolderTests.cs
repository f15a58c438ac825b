using TorchSharp;
using WebImageText.Learn.Clip;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Safetensors;
using WebImageText.Learn.Text;
using WebImageText.Tests.Support;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Clip;

public sealed class ClipFolderTests : IDisposable
{
    private static readonly ClipConfiguration Small = new(
        16, new VisionTransformerConfiguration { ImageSize = 32, PatchSize = 8, Width = 32, Layers = 2, HeadWidth = 16 },
        new() { ContextLength = 12, VocabularySize = 8_192, Width = 32, Heads = 2, Layers = 2 }, QuickGelu: false);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wit-model-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_model_of_Hugging_Face_computes_here_what_it_computes_there()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        using var reference = SafetensorsFile.Open(SharedData.Require("clip/parity/hf-tiny.reference.safetensors"));
        using var model = ClipFolder.Load(SharedData.Require("clip/parity/hf-tiny")).Model;

        var images = Parity.Unit(model.EncodeImage(reference.Read("in.image")));
        var texts = Parity.Unit(model.EncodeText(reference.Read("in.tokens")));

        Assert.InRange(Parity.Distance(reference.Read("image_embeds"), images), 0, 1e-5);
        Assert.InRange(Parity.Distance(reference.Read("text_embeds"), texts), 0, 1e-5);
        Assert.InRange(Parity.Distance(reference.Read("logits_per_image"), model.LogitScale.exp() * images.matmul(texts.t())), 0, 1e-5);
    }

    [Fact]
    public void A_model_of_Hugging_Face_is_written_again_byte_for_byte()
    {
        var original = SharedData.Require("clip/parity/hf-tiny");
        using var model = ClipFolder.Load(original).Model;

        ClipFolder.Save(_folder.FullName, model, ModelForm.HuggingFace, tokenizer: null);

        Assert.Equal(
            File.ReadAllBytes(Path.Combine(original, "model.safetensors")),
            File.ReadAllBytes(Path.Combine(_folder.FullName, "model.safetensors")));
    }

    [Theory]
    [InlineData("vit-tiny-gelu", ModelForm.OpenClip)]
    [InlineData("vit-tiny-gelu", ModelForm.HuggingFace)]
    [InlineData("vit-tiny-quickgelu", ModelForm.HuggingFace)]
    [InlineData("resnet-tiny", ModelForm.OpenClip)]
    public void A_saved_model_comes_back_with_its_activation_and_every_weight(string name, ModelForm form)
    {
        using var scope = torch.NewDisposeScope();
        using var parity = new Parity(name);

        ClipFolder.Save(_folder.FullName, parity.Model, form, tokenizer: null);

        using var again = ClipFolder.Load(_folder.FullName).Model;
        Assert.Equal(parity.Configuration, again.Configuration);
        var weights = again.state_dict();
        Assert.All(parity.Model.state_dict(), entry => Assert.True(entry.Value.equal(weights[entry.Key]).all().item<bool>(), entry.Key));
    }

    [Fact]
    public void A_model_is_saved_with_its_vocabulary_and_takes_no_other()
    {
        using var model = new ClipModel(Small);

        ClipFolder.Save(_folder.FullName, model, ModelForm.HuggingFace, ClipTokenizer.Shipped);

        var loaded = ClipFolder.Load(_folder.FullName);
        Assert.Equal(ClipTokenizer.Shipped.Merges, loaded.Tokenizer!.Merges);
        loaded.Model.Dispose();
        using var other = new ClipModel(Small with { Text = Small.Text with { VocabularySize = 300 } });
        Assert.Throws<ModelFileException>(() => ClipFolder.Save(_folder.FullName, other, ModelForm.OpenClip, ClipTokenizer.Shipped));
    }

    [Theory]
    [InlineData(ModelForm.OpenClip)]
    [InlineData(ModelForm.HuggingFace)]
    public void What_a_model_wants_its_pixels_to_be_like_is_kept(ModelForm form)
    {
        using var model = new ClipModel(Small);
        var halves = new Preprocessing([0.5f, 0.25f, 0.5f], [0.5f, 0.5f, 0.125f]);

        ClipFolder.Save(_folder.FullName, model, form, null, halves);

        var loaded = ClipFolder.Load(_folder.FullName);
        Assert.Equal(halves.Mean, loaded.Preprocessing.Mean);
        Assert.Equal(halves.Deviation, loaded.Preprocessing.Deviation);
        loaded.Model.Dispose();
    }

    [Fact]
    public void A_ResNet_has_no_form_of_Hugging_Face()
    {
        using var parity = new Parity("resnet-tiny");

        var refusal = Assert.Throws<ModelFileException>(() => ClipFolder.Save(_folder.FullName, parity.Model, ModelForm.HuggingFace, null));

        Assert.Contains("open_clip", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(_folder.GetFiles());
    }

    [Fact]
    public void Positions_are_resized_to_another_image_size_and_context()
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        using var model = new ClipModel(Small);
        var ramp = model.state_dict()["visual.positional_embedding"];
        ramp.copy_(torch.cat([torch.tensor(new[] { 99f }), torch.arange(4, dtype: ScalarType.Float32).repeat(4)]).unsqueeze(1).expand(17, 32));
        ClipFolder.Save(_folder.FullName, model, ModelForm.OpenClip, null);

        using var larger = ClipFolder.Load(_folder.FullName, imageSize: 64, contextLength: 24).Model;

        var row = larger.state_dict()["visual.positional_embedding"].select(1, 0);
        Assert.Equal(99, row[0].item<float>());
        // Keys' cubic, a = -0.5, at a half-pixel grid: a ramp of 0, 1, 2, 3 stays a ramp away from its ends.
        Assert.InRange(row[1 + 3].item<float>(), 1.24, 1.26);
        Assert.InRange(row[1 + 4].item<float>(), 1.74, 1.76);
        Assert.Equal(24, larger.state_dict()["positional_embedding"].shape[0]);
        Assert.Equal([2, 16], larger.EncodeImage(torch.zeros(2, 3, 64, 64)).shape);
    }

    [Theory]
    [InlineData("""{"model_cfg":{"embed_dim":16,"vision_cfg":{"timm_model_name":"x","image_size":32},"text_cfg":{}}}""", "timm_model_name")]
    [InlineData("""{"model_cfg":{"embed_dim":-1,"vision_cfg":{"layers":2},"text_cfg":{}}}""", "embed_dim")]
    [InlineData("""{"model_cfg":{"embed_dim":16,"vision_cfg":{"layers":2,"width":100},"text_cfg":{}}}""", "head_width")]
    [InlineData("""{"model_cfg":{"embed_dim":16,"vision_cfg":{},"text_cfg":{}},"preprocess_cfg":{"resize_mode":"squash"}}""", "squash")]
    [InlineData("""{"model_cfg":{}}""", "cannot be built")]
    [InlineData("{", "cannot be built")]
    public void A_configuration_that_is_not_ours_is_refused_and_says_why(string json, string why)
    {
        File.WriteAllText(Path.Combine(_folder.FullName, "open_clip_config.json"), json);

        Assert.Contains(why, Assert.Throws<ModelFileException>(() => ClipFolder.Load(_folder.FullName)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("vit-tiny-quickgelu")]
    [InlineData("resnet-tiny")]
    public void An_archive_as_OpenAI_publishes_them_is_read(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var configuration = ClipConfiguration.FromJson(File.ReadAllText(SharedData.Require($"clip/parity/{name}.json")));
        // Shapes tell neither: OpenAI's heads are 64 wide everywhere.
        configuration = configuration with
        {
            Image = configuration.Image with { HeadWidth = 64 },
            Text = configuration.Text with { Heads = 1 },
        };
        using var model = new ClipModel(configuration);
        model.eval();
        Dictionary<string, Tensor> halves = model.state_dict().ToDictionary(
            entry => entry.Key, entry => entry.Value.dtype == ScalarType.Float32 ? entry.Value.detach().half() : entry.Value);
        HashSet<string> buffers = [.. model.named_buffers().Select(entry => entry.name)];
        foreach (var beside in new[] { "input_resolution", "context_length", "vocab_size" })
        {
            halves[beside] = torch.tensor(64L);
            buffers.Add(beside);
        }
        var path = Path.Combine(_folder.FullName, "model.pt");
        ScriptArchive.Write(path, halves, buffers);

        using var loaded = ClipFolder.Load(path).Model;

        Assert.Equal(configuration, loaded.Configuration);
        var weights = loaded.state_dict();
        Assert.All(model.state_dict(), entry => Assert.True(entry.Value.to(ScalarType.Float16).equal(weights[entry.Key].to(ScalarType.Float16)).all().item<bool>(), entry.Key));
        var pixels = torch.randn(2, 3, configuration.Image.ImageSize, configuration.Image.ImageSize);
        Assert.InRange(Parity.Distance(model.EncodeImage(pixels), loaded.EncodeImage(pixels)), 0, 0.05); // its weights were rounded to half precision
    }

    [Fact]
    public void A_pickle_is_never_read()
    {
        var path = Path.Combine(_folder.FullName, "epoch_1.pt");
        using (var zip = System.IO.Compression.ZipFile.Open(path, System.IO.Compression.ZipArchiveMode.Create))
            zip.CreateEntry("archive/data.pkl");

        Assert.Contains("pickle", Assert.Throws<ModelFileException>(() => ClipFolder.Load(path)).Message, StringComparison.Ordinal);
    }
}
