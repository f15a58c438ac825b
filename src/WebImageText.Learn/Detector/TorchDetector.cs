using System.Security.Cryptography;
using TorchSharp;
using WebImageText.Curate.Dedup.Descriptors;
using static TorchSharp.torch;

namespace WebImageText.Learn.Detector;

/// <summary>
/// A detector of this program by its safetensors, computed by TorchSharp: the same descriptors as its ONNX file to 1e-3, on any
/// device that libtorch knows. Calls take turns.
/// </summary>
public sealed class TorchDetector : IDisposable
{
    private readonly DetectorNetwork _network;
    private readonly Device _device;
    private readonly bool _isHalf;
    private readonly Lock _turn = new();

    private TorchDetector(DetectorNetwork network, Preprocessing preprocessing, Device device, bool isHalf, string hash) =>
        (_network, Preprocessing, _device, _isHalf, Hash) = (network, preprocessing, device, isHalf, hash);

    /// <summary>What its inputs are made like.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Numbers in a descriptor.</summary>
    public int Dimension => _network.Shape.Dimension;

    /// <summary>Of weights and preprocessing, 64 hexadecimal digits.</summary>
    public string Hash { get; }

    /// <summary>Opens a detector.</summary>
    /// <param name="path">Its safetensors, with the JSON of its preprocessing beside it under the same name.</param>
    /// <param name="device"><c>cpu</c> or <c>cuda</c>.</param>
    /// <param name="isHalf">The network computes in bfloat16: faster on CUDA, off by some 1e-2.</param>
    /// <exception cref="FileNotFoundException">One of the two files is not there.</exception>
    /// <exception cref="InvalidDataException">It is no detector of this program.</exception>
    public static TorchDetector Open(string path, string device = "cpu", bool isHalf = false)
    {
        var description = Path.ChangeExtension(path, ".json");
        foreach (var file in new[] { path, description })
            if (!File.Exists(file))
                throw new FileNotFoundException($"'{file}' is not there: a detector for this engine is NAME.safetensors with NAME.json beside it.", file);
        var preprocessing = Preprocessing.Parse(File.ReadAllBytes(description), description);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(File.ReadAllBytes(path)));
        hash.AppendData(SHA256.HashData(preprocessing.ToJson()));
        var target = new Device(device);
        var network = DetectorWeights.Load(path, target);
        network.eval();
        return new(network, preprocessing, target, isHalf, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Writes the ONNX file of a detector's safetensors, and its preprocessing beside it.</summary>
    /// <param name="path">The safetensors, with their JSON.</param>
    /// <param name="onnx">The file to write; <c>NAME.json</c> and <c>NAME.safetensors</c> appear beside it.</param>
    public static void Export(string path, string onnx)
    {
        using var detector = Open(path);
        DetectorExport.Write(detector._network, detector.Preprocessing, onnx);
    }

    /// <summary>Descriptors of inputs as <see cref="Preprocessing"/> makes them.</summary>
    /// <param name="pixels"><paramref name="count"/> inputs, one after the other.</param>
    /// <param name="count">Inputs.</param>
    /// <returns><paramref name="count"/> rows of <see cref="Dimension"/> numbers, each of length 1.</returns>
    /// <exception cref="InvalidDataException">The network gave something that is no descriptor.</exception>
    public float[] EmbedPixels(Memory<float> pixels, int count)
    {
        if (count == 0)
            return [];
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        // Ready for the device before its turn comes: whoever waits has copied meanwhile.
        var host = tensor(pixels[..(count * Preprocessing.Length)].ToArray(), [count, 3, Preprocessing.Side, Preprocessing.Side]);
        if (_device.type == DeviceType.CUDA)
            host = host.pin_memory();
        lock (_turn)
        {
            var input = host.to(_device, non_blocking: true);
            var rows = _network.call(_isHalf ? Layout.ChannelsLast(input.to_type(ScalarType.BFloat16)) : input).to_type(ScalarType.Float32).cpu();
            return rows.isfinite().all().item<bool>() ? rows.data<float>().ToArray()
                : throw new InvalidDataException("The descriptor of a picture is not finite: the weights are damaged.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();
}
