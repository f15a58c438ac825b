using System.Globalization;
using TorchSharp;
using WebImageText.Learn.Safetensors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>Reads a detector's safetensors back into a network: the same descriptors as its ONNX file.</summary>
internal static class DetectorWeights
{
    /// <summary>The network of a file that <see cref="DetectorExport"/> wrote.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="device">Where the network is to lie.</param>
    /// <exception cref="InvalidDataException">It holds no detector, or not the weights that its shape asks for.</exception>
    public static DetectorNetwork Load(string path, Device device)
    {
        using var file = SafetensorsFile.Open(path);
        var network = new DetectorNetwork(ShapeOf(file, path), device); // outlives the scope of what is read
        using var scope = NewDisposeScope();
        using var grad = no_grad();
        foreach (var (name, conv) in DetectorExport.Convolutions(network))
            if (!file.Contains($"{name}.weight") || !file.Contains($"{name}.bias") || !conv.TrySet(file.Read($"{name}.weight"), file.Read($"{name}.bias")))
                throw new InvalidDataException($"'{path}': the weights '{name}' are missing or have another shape.");
        return network;
    }

    private static DetectorShape ShapeOf(SafetensorsFile file, string path)
    {
        if (file.Metadata.TryGetValue("depth", out var depth) && int.TryParse(depth, CultureInfo.InvariantCulture, out var layers) && layers is 18 or 50
            && file.Metadata.TryGetValue("dimension", out var dimension) && int.TryParse(dimension, CultureInfo.InvariantCulture, out var numbers)
            && file.Metadata.TryGetValue("widths", out var list)
            && list.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out var width) ? width : 0).ToArray() is { Length: 4 } widths
            && numbers is > 0 and <= 8192 && widths.All(width => width is > 0 and <= 4096))
            return new(layers, numbers, widths);
        throw new InvalidDataException($"'{path}' is no detector of this program: its metadata do not name depth (18 or 50), dimension and four widths.");
    }
}
