using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp;
using WebImageText.Learn.Safetensors;
using WebImageText.Learn.Text;

namespace WebImageText.Learn.Clip.Files;

/// <summary>A model and the tokenizer that it was trained with.</summary>
/// <param name="Model">On the CPU, float32, in evaluation mode.</param>
/// <param name="Tokenizer">Null where the files do not hold one, and its size does not tell.</param>
/// <param name="Preprocessing">What it wants its pixels to be like.</param>
public sealed record LoadedClip(ClipModel Model, ClipTokenizer? Tokenizer, Preprocessing Preprocessing);

/// <summary>The form of a model's files.</summary>
public enum ModelForm
{
    /// <summary><c>open_clip_config.json</c> and <c>open_clip_model.safetensors</c>.</summary>
    OpenClip,
    /// <summary><c>config.json</c> and <c>model.safetensors</c> of Hugging Face's <c>CLIPModel</c>.</summary>
    HuggingFace,
}

/// <summary>Reads and writes models as folders of files that open_clip and Hugging Face read too.</summary>
public static class ClipFolder
{
    /// <summary>Name of open_clip's configuration.</summary>
    public const string OpenClipConfiguration = "open_clip_config.json";

    /// <summary>Name of open_clip's weights.</summary>
    public const string OpenClipWeights = "open_clip_model.safetensors";

    private const string HuggingFaceConfigurationName = "config.json";
    private const string HuggingFaceWeights = "model.safetensors";
    private const string HuggingFaceImages = "preprocessor_config.json";
    private const int MostJsonBytes = 16 << 20;

    /// <summary>Reads a model: a folder of either form, or one of OpenAI's TorchScript archives.</summary>
    /// <param name="path">The folder or file.</param>
    /// <param name="imageSize">Side of the images that it shall take, or null for its own; positions are resized.</param>
    /// <param name="contextLength">Tokens that it shall take, or null for its own.</param>
    /// <exception cref="ModelFileException">Nothing there that is read, or it is damaged.</exception>
    public static LoadedClip Load(string path, int? imageSize = null, int? contextLength = null)
    {
        try
        {
            if (File.Exists(path))
            {
                if (Path.GetFileName(path) is OpenClipConfiguration or OpenClipWeights or HuggingFaceConfigurationName or HuggingFaceWeights)
                    return Load(Path.GetDirectoryName(Path.GetFullPath(path))!, imageSize, contextLength);
                var archived = Resized(TorchScriptArchive.Load(path), imageSize, contextLength);
                archived.eval();
                return new(archived, null, Preprocessing.Clip);
            }
            if (File.Exists(Path.Combine(path, OpenClipConfiguration)))
            {
                var text = ReadText(path, OpenClipConfiguration);
                using var json = JsonDocument.Parse(text);
                return Load(path, ClipConfiguration.FromJson(text), OpenClipWeights, false, imageSize, contextLength, Preprocessing.ReadOpenClip(json.RootElement));
            }
            if (File.Exists(Path.Combine(path, HuggingFaceConfigurationName)))
            {
                using var json = JsonDocument.Parse(ReadText(path, HuggingFaceConfigurationName));
                return Load(
                    path, HuggingFaceConfiguration.Read(json.RootElement), HuggingFaceWeights, true, imageSize, contextLength, HuggingFacePreprocessing(path));
            }
        }
        catch (Exception broken) when (broken is ClipConfigurationException or JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new ModelFileException($"The model '{path}' cannot be built: {broken.Message}", broken);
        }
        throw new ModelFileException($"'{path}' holds no model: neither '{OpenClipConfiguration}' nor '{HuggingFaceConfigurationName}' is there.");
    }

    /// <summary>
    /// Copies the weights of a published or trained model, or of a lone safetensors file with open_clip's names, into a model that
    /// shall start from them; positions are resized to its image size and context.
    /// </summary>
    /// <param name="model">Takes them.</param>
    /// <param name="path">What <see cref="Load(string, int?, int?)"/> reads, or a <c>.safetensors</c> file.</param>
    /// <exception cref="ModelFileException">They are of another model, or of one with another activation.</exception>
    public static void LoadInto(ClipModel model, string path)
    {
        var isLone = path.EndsWith(".safetensors", StringComparison.Ordinal) && File.Exists(path)
            && !(Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && Path.GetFileName(path) switch
            {
                OpenClipWeights => File.Exists(Path.Combine(folder, OpenClipConfiguration)),
                HuggingFaceWeights => File.Exists(Path.Combine(folder, HuggingFaceConfigurationName)),
                _ => false,
            });
        if (isLone)
        {
            ModelWeights.Load(model, path);
            return;
        }
        using var from = Load(path).Model;
        if (from.Configuration.QuickGelu != model.Configuration.QuickGelu)
            throw new ModelFileException(
                $"'{path}' was trained with {Activation(from)} and the model to be trained has {Activation(model)}: its weights would be worthless. "
                + "Choose the model by the weights' activation ('-gelu' after its name for the exact one).");
        ModelWeights.Load(model, from.state_dict(), path);

        static string Activation(ClipModel of) => of.Configuration.QuickGelu ? "QuickGELU" : "the exact GELU";
    }

    /// <summary>Writes a model; the weights appear last, and whole.</summary>
    /// <param name="folder">Where; made if it is missing.</param>
    /// <param name="model">The model.</param>
    /// <param name="form">The form of the files.</param>
    /// <param name="tokenizer">Written beside it, or null.</param>
    /// <param name="preprocessing">What it wants its pixels to be like; null for CLIP's.</param>
    /// <exception cref="ModelFileException">The form has no place for this model.</exception>
    public static void Save(string folder, ClipModel model, ModelForm form, ClipTokenizer? tokenizer, Preprocessing? preprocessing = null)
    {
        using var scope = torch.NewDisposeScope();
        preprocessing ??= Preprocessing.Clip;
        var configuration = model.Configuration;
        var weights = model.state_dict();
        if (form == ModelForm.HuggingFace)
        {
            var (config, named) = (HuggingFaceConfiguration.Write(configuration), HuggingFaceNames.FromOurs(weights));
            Directory.CreateDirectory(folder);
            TokenizerFiles.WriteJson(Path.Combine(folder, HuggingFaceConfigurationName), config);
            TokenizerFiles.WriteJson(Path.Combine(folder, HuggingFaceImages), preprocessing.HuggingFace(configuration.Image.ImageSize));
            WriteTokenizer();
            SafetensorsWriter.Write(Path.Combine(folder, HuggingFaceWeights), named);
            return;
        }
        Directory.CreateDirectory(folder);
        TokenizerFiles.WriteJson(Path.Combine(folder, OpenClipConfiguration), new JsonObject
        {
            ["model_cfg"] = configuration.ToJson(),
            ["preprocess_cfg"] = preprocessing.OpenClip(),
        });
        WriteTokenizer();
        SafetensorsWriter.Write(Path.Combine(folder, OpenClipWeights), weights);

        void WriteTokenizer()
        {
            if (tokenizer is null)
                return;
            RequireFit(tokenizer, configuration, folder);
            TokenizerFiles.Write(folder, tokenizer, configuration.Text.ContextLength);
        }
    }

    /// <summary>Throws where a tokenizer's tokens are not the model's.</summary>
    /// <exception cref="ModelFileException">Their numbers differ.</exception>
    public static void RequireFit(ClipTokenizer tokenizer, ClipConfiguration configuration, string model)
    {
        if (tokenizer.VocabularySize != configuration.Text.VocabularySize)
            throw new ModelFileException(
                $"The vocabulary has {tokenizer.VocabularySize:N0} tokens, the model '{model}' {configuration.Text.VocabularySize:N0}: it was trained with another.");
    }

    private static LoadedClip Load(string folder, ClipConfiguration configuration, string weights, bool isHuggingFace, int? imageSize, int? contextLength,
        Preprocessing preprocessing)
    {
        var path = Path.Combine(folder, weights);
        if (!File.Exists(path))
            throw new ModelFileException($"'{folder}' has a configuration, but no '{weights}'.");
        var model = new ClipModel(Resized(configuration, imageSize, contextLength), initialise: false);
        ModelWeights.Load(model, path, isHuggingFace ? HuggingFaceNames.ToOurs : null);
        var tokenizer = TokenizerFiles.TryRead(folder)
            ?? (configuration.Text.VocabularySize == ClipTokenizer.Shipped.VocabularySize ? ClipTokenizer.Shipped : null);
        if (tokenizer is not null)
            RequireFit(tokenizer, configuration, folder);
        model.eval();
        return new(model, tokenizer, preprocessing);
    }

    private static Preprocessing HuggingFacePreprocessing(string folder)
    {
        if (!File.Exists(Path.Combine(folder, HuggingFaceImages)))
            return Preprocessing.Clip;
        using var json = JsonDocument.Parse(ReadText(folder, HuggingFaceImages));
        return Preprocessing.ReadHuggingFace(json.RootElement);
    }

    private static ClipConfiguration Resized(ClipConfiguration configuration, int? imageSize, int? contextLength) => configuration with
    {
        Image = imageSize is { } side ? configuration.Image with { ImageSize = side } : configuration.Image,
        Text = contextLength is { } length ? configuration.Text with { ContextLength = length } : configuration.Text,
    };

    private static ClipModel Resized(ClipModel model, int? imageSize, int? contextLength)
    {
        if (imageSize is null && contextLength is null)
            return model;
        using (model)
        {
            var resized = new ClipModel(Resized(model.Configuration, imageSize, contextLength), initialise: false);
            ModelWeights.Load(resized, model.state_dict(), "the model");
            return resized;
        }
    }

    private static string ReadText(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return new FileInfo(path).Length <= MostJsonBytes ? File.ReadAllText(path) : throw new ModelFileException($"'{path}' is too large for a configuration.");
    }
}
