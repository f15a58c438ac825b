using TorchSharp;
using WebImageText.Curate.Dedup.Descriptors;
using WebImageText.Learn.Safetensors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>A network as files: <c>NAME.onnx</c>, <c>NAME.json</c> (its preprocessing) and <c>NAME.safetensors</c>.</summary>
internal static class DetectorExport
{
    /// <summary>Writes all three. Weights are folded (w = g v / |v|) and rounded to half precision; both files hold the same numbers.</summary>
    public static void Write(DetectorNetwork network, Preprocessing preprocessing, string path)
    {
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        var folded = Folded(network);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllBytes(Path.ChangeExtension(path, ".json"), preprocessing.ToJson());
        File.WriteAllBytes(path, OnnxGraph.Of(network, folded, preprocessing.Side));
        SafetensorsWriter.Write(Path.ChangeExtension(path, ".safetensors"), folded, new Dictionary<string, string>
        {
            ["format"] = "pt",
            ["depth"] = $"{network.Shape.Depth}",
            ["dimension"] = $"{network.Shape.Dimension}",
            ["widths"] = string.Join(',', network.Shape.Widths),
        });
    }

    /// <summary>The weights and biases of plain convolutions, by name, in half precision.</summary>
    public static Dictionary<string, Tensor> Folded(DetectorNetwork network)
    {
        Dictionary<string, Tensor> folded = [];
        foreach (var (name, conv) in Convolutions(network))
        {
            folded[$"{name}.weight"] = conv.Weight().to_type(ScalarType.Float16).cpu();
            folded[$"{name}.bias"] = conv.Bias.to_type(ScalarType.Float16).cpu();
        }
        return folded;
    }

    /// <summary>Every convolution by name, in the order of the data.</summary>
    public static IEnumerable<(string Name, WeightNormConv Conv)> Convolutions(DetectorNetwork network)
    {
        yield return ("stem", network.Stem);
        for (var block = 0; block < network.Blocks.Count; block++)
        {
            if (network.Blocks[block].Side is { } side)
                yield return ($"blocks.{block}.side", side);
            for (var conv = 0; conv < network.Blocks[block].Convs.Count; conv++)
                yield return ($"blocks.{block}.convs.{conv}", network.Blocks[block].Convs[conv]);
        }
        yield return ("head", network.Head);
    }
}
