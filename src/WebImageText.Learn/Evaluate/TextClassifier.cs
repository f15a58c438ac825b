using System.Security.Cryptography;
using System.Text;
using TorchSharp;
using WebImageText.Learn.Safetensors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Evaluate;

/// <summary>
/// A classifier that was never trained: one unit vector a class, the mean of its texts' unit vectors (paper, section 3.1.4).
/// </summary>
public sealed class TextClassifier : IDisposable
{
    private const string Name = "classes";

    private TextClassifier(Tensor weights, bool wasKept) => (Weights, WasKept) = (weights, wasKept);

    /// <summary>float32 [classes, embedding].</summary>
    public Tensor Weights { get; }

    /// <summary>It was read from the cache.</summary>
    public bool WasKept { get; }

    /// <summary>Makes the classifier of some classes, or takes it from the cache.</summary>
    /// <param name="encoder">Reads the texts.</param>
    /// <param name="prompts">The texts.</param>
    /// <param name="cache">Folder of kept classifiers, by model and texts; null keeps nothing.</param>
    /// <param name="progress">Called with the classes done.</param>
    public static TextClassifier Make(ClipEncoder encoder, ClassPrompts prompts, string? cache, Action<int>? progress = null)
    {
        var path = cache is null ? null : Path.Combine(cache, Key(encoder, prompts) + ".safetensors");
        if (path is not null && TryRead(path, prompts.Names.Count, encoder.Model.Configuration.EmbedDim) is { } kept)
            return new(kept.to(encoder.Model.LogitScale.device).DetachFromDisposeScope(), wasKept: true);
        using var scope = torch.NewDisposeScope();
        var rows = Enumerable.Range(0, prompts.Names.Count).Select(index =>
        {
            using var inner = torch.NewDisposeScope();
            var mean = encoder.Texts([.. prompts.TextsOf(index)]).mean([0]);
            progress?.Invoke(index + 1);
            return nn.functional.normalize(mean, dim: 0).MoveToOuterDisposeScope();
        });
        var weights = torch.stack([.. rows], 0).DetachFromDisposeScope();
        if (path is not null)
            SafetensorsWriter.Write(path, [new(Name, weights)]);
        return new(weights, wasKept: false);
    }

    /// <summary>Cosine similarities of images and classes: [images, classes].</summary>
    /// <param name="images">Unit vectors, [images, embedding].</param>
    public Tensor Similarities(Tensor images) => images.matmul(Weights.t());

    /// <inheritdoc/>
    public void Dispose() => Weights.Dispose();

    private static Tensor? TryRead(string path, int classes, int width)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var file = SafetensorsFile.Open(path);
            return file.Tensors is [{ Name: Name, Type: ScalarType.Float32 } only] && only.Shape.SequenceEqual([classes, width]) ? file.Read(Name) : null;
        }
        catch (SafetensorsException)
        {
            return null; // made again and replaced
        }
    }

    // Everything that the vectors are a function of.
    private static string Key(ClipEncoder encoder, ClassPrompts prompts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var scope = torch.NewDisposeScope();
        hash.AppendData(Encoding.UTF8.GetBytes(encoder.Model.Configuration.ToJson().ToJsonString()));
        foreach (var (name, tensor) in encoder.Model.state_dict().Where(entry => !entry.Key.StartsWith("visual.", StringComparison.Ordinal)))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData(tensor.detach().cpu().contiguous().bytes);
        }
        foreach (var merge in encoder.Tokenizer.Merges)
            hash.AppendData(Encoding.UTF8.GetBytes(merge + "\n"));
        for (var index = 0; index < prompts.Names.Count; index++)
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\0', prompts.TextsOf(index)) + "\u0001"));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
