using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Clip.Files;

/// <summary>OpenAI's published models: TorchScript archives in half precision. libtorch itself reads them; no pickle is parsed here.</summary>
internal static class TorchScriptArchive
{
    /// <summary>Reads weights and buffers; the shapes tell the configuration. OpenAI's models have QuickGELU.</summary>
    /// <exception cref="ModelFileException">It is another kind of file, such as a training checkpoint of PyTorch's.</exception>
    public static ClipModel Load(string path)
    {
        RequireScript(path);
        using var scope = torch.NewDisposeScope();
        try
        {
            using var archive = torch.jit.load(path, DeviceType.CPU);
            var tensors = archive.named_parameters().Select(entry => (entry.name, tensor: (Tensor)entry.parameter))
                .Concat(archive.named_buffers().Select(entry => (entry.name, tensor: entry.buffer)))
                .ToDictionary(entry => entry.name, entry => entry.tensor);
            var model = new ClipModel(ShapesOfWeights.Find(tensors.ToDictionary(entry => entry.Key, entry => entry.Value.shape), quickGelu: true, path), initialise: false);
            ModelWeights.Load(model, tensors, path);
            return model;
        }
        catch (System.Runtime.InteropServices.ExternalException broken)
        {
            throw new ModelFileException($"'{path}' is no TorchScript archive that libtorch reads: {broken.Message.Split('\n')[0]}", broken);
        }
    }

    // A checkpoint that torch.save wrote is a zip too, but a pickle inside: to read it is to run what it says.
    private static void RequireScript(string path)
    {
        try
        {
            using var zip = ZipFile.OpenRead(path);
            if (zip.Entries.Any(entry => entry.FullName.Contains("/code/", StringComparison.Ordinal)))
                return;
        }
        catch (InvalidDataException broken)
        {
            throw new ModelFileException($"'{path}' is neither a folder of a model nor a TorchScript archive.", broken);
        }
        throw new ModelFileException(
            $"'{path}' holds a Python pickle, which runs code when it is read; this program never reads one. " +
            "Convert it once where PyTorch is: open_clip.push_to_hf_hub's save_for_hf(), or safetensors.torch.save_file(state_dict, 'open_clip_model.safetensors') " +
            "with the model's JSON beside it as 'open_clip_config.json'.");
    }
}
