using System.CommandLine;
using TorchSharp;
using WebImageText.Cli.Terminal;
using WebImageText.Cli.Tokenizer;
using WebImageText.Learn;
using WebImageText.Learn.Clip.Files;
using WebImageText.Learn.Evaluate;

namespace WebImageText.Cli.Evaluate;

/// <summary>Options that name a trained model, and what it runs on.</summary>
internal sealed class ModelOptions
{
    public Option<string> Model { get; } = new("--model")
    {
        Description = "Trained model: folder with open_clip_config.json or config.json, a checkpoint of 'wit train', or an OpenAI archive (.pt)",
        HelpName = "DIR",
        Required = true,
    };

    public Option<string?> Vocabulary { get; } = VocabularyOption.Create();

    public Option<string> Device { get; } = new("--device")
    {
        Description = "cpu, cuda or cuda:N",
        HelpName = "NAME",
        DefaultValueFactory = _ => "cpu",
    };

    public Option<int?> ImageSize { get; } = new("--image-size")
    {
        Description = "Side of the images in pixels; without it the model's own. Positions are resized to another",
        HelpName = "PX",
    };

    public void AddTo(Command verb)
    {
        foreach (var option in new Option[] { Model, Vocabulary, Device, ImageSize })
            verb.Options.Add(option);
    }

    /// <summary>Loads the model that was asked for.</summary>
    public ClipEncoder Load(ParseResult parsed)
    {
        RequireTorch();
        var path = parsed.GetRequiredValue(Model);
        var device = parsed.GetRequiredValue(Device);
        var loaded = ClipFolder.Load(path, parsed.GetValue(ImageSize));
        var tokenizer = VocabularyOption.Load(parsed.GetValue(Vocabulary)) ?? loaded.Tokenizer ?? VocabularyOption.Load("clip")!;
        if (device.StartsWith("cuda", StringComparison.Ordinal) && !torch.cuda.is_available())
            throw UserErrorException.Usage($"--device {device}: no CUDA device is here. 'wit doctor' lists the devices.");
        return new(loaded.Model, tokenizer, device, loaded.Preprocessing);
    }

    /// <summary>What user and files can get wrong, as an error without a stack trace.</summary>
    public static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception broken) when (broken is ModelFileException or LabelledSetException or Learn.Safetensors.SafetensorsException or InvalidDataException
            or WebImageText.Shards.ShardFormatException or Learn.Clip.ClipConfigurationException)
        {
            throw UserErrorException.BadData(broken.Message);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException or FormatException)
        {
            throw UserErrorException.Usage(missing.Message);
        }
    }

    /// <summary>Ends with a reason where libtorch does not load.</summary>
    public static void RequireTorch()
    {
        if (TorchProbe.Run() is { Fault: { } fault })
            throw new UserErrorException(ExitCode.Failed,
                TorchLibrary.Fault ?? $"libtorch does not load: {fault}. Build with -p:Torch=cpu, or name a libtorch folder in {TorchLibrary.Variable}.");
        if (TorchLibrary.Fault is { } problem)
            Screen.Note(problem);
    }
}
