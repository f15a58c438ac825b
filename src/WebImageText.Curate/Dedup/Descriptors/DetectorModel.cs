using System.Numerics.Tensors;
using System.Security.Cryptography;
using Microsoft.ML.OnnxRuntime;
using WebImageText.Curate.Pixels;

namespace WebImageText.Curate.Dedup.Descriptors;

/// <summary>
/// A near-duplicate detector: pictures in, descriptors of length 1 out, whose dot product says how alike two pictures are. An
/// ONNX file (float <c>[n, 3, side, side]</c> in, float <c>[n, d]</c> out) and the JSON of its preprocessing beside it, with the
/// same name: this project's own, SSCD, or any other. Safe for any number of threads.
/// </summary>
public sealed class DetectorModel : IDisposable
{
    private const long LargestFile = 1L << 30;
    private const long LargestDescription = 1 << 16;
    private const int WidestDescriptor = 8192;

    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(60);

    private readonly InferenceSession _session;
    private readonly string _input;
    private readonly string _output;

    private DetectorModel(string path, InferenceSession session, Preprocessing preprocessing, string hash)
    {
        (Path, _session, Preprocessing, Hash) = (path, session, preprocessing, hash);
        (_input, _output) = (session.InputNames[0], session.OutputNames[0]);
    }

    /// <summary>The ONNX file.</summary>
    public string Path { get; }

    /// <summary>What its inputs are made like.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Numbers in a descriptor.</summary>
    public int Dimension { get; private set; }

    /// <summary>Of the model and its preprocessing together, 64 hexadecimal digits: descriptors of two hashes cannot be compared.</summary>
    public string Hash { get; }

    /// <summary>Where this program's own detector lies.</summary>
    public static string DefaultPath => System.IO.Path.Combine(AppContext.BaseDirectory, "models", "detector", "detector.onnx");

    /// <summary>Opens a model, and tries it on two plain pictures.</summary>
    /// <param name="path">An ONNX file; <c>NAME.json</c> beside <c>NAME.onnx</c> describes its input.</param>
    /// <param name="threads">Threads of one call; 0 for one a core. With many callers at once, 1 is best.</param>
    /// <param name="cuda">Runs on the first CUDA device, with a build for it (<c>-p:Onnx=gpu</c>).</param>
    /// <exception cref="FileNotFoundException">One of the two files is not there.</exception>
    /// <exception cref="InvalidDataException">It is no detector, or not one that can be trusted; the message says why.</exception>
    public static DetectorModel Open(string path, int threads = 0, bool cuda = false)
    {
        var description = System.IO.Path.ChangeExtension(path, ".json");
        var preprocessing = Preprocessing.Parse(Read(description, LargestDescription), description);
        var bytes = Read(path, LargestFile);
        if (OnnxCheck.Find(bytes) is { } wrong)
            throw new InvalidDataException($"Detector '{path}' is refused: {wrong}.");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(SHA256.HashData(bytes));
        hash.AppendData(SHA256.HashData(preprocessing.ToJson()));
        var name = Convert.ToHexStringLower(hash.GetHashAndReset());
        DetectorModel? model = null;
        try
        {
            model = new DetectorModel(path, OnnxSessions.OpenPlain(bytes, threads, cuda), preprocessing, name);
            model.Try();
            model.Dispose();
            model = new DetectorModel(path, OnnxSessions.OpenTried(bytes, threads, cuda), preprocessing, name) { Dimension = model.Dimension };
            model.Try();
            return model;
        }
        catch (Exception fault) when (fault is OnnxRuntimeException or EntryPointNotFoundException)
        {
            model?.Dispose();
            throw new InvalidDataException($"Detector '{path}' does not run: {FirstLine(fault.Message)}", fault);
        }
        catch
        {
            model?.Dispose();
            throw;
        }
    }

    /// <summary>Descriptors of inputs as <see cref="Preprocessing"/> makes them.</summary>
    /// <param name="pixels"><paramref name="count"/> inputs, one after the other.</param>
    /// <param name="count">Inputs.</param>
    /// <returns><paramref name="count"/> rows of <see cref="Dimension"/> numbers, each of length 1.</returns>
    /// <exception cref="InvalidDataException">The model gave something that is no descriptor: NaN, zeros, another dimension.</exception>
    public float[] EmbedPixels(Memory<float> pixels, int count)
    {
        using var run = new RunOptions();
        return Run(pixels, count, run);
    }

    /// <summary>Descriptors of decoded pictures.</summary>
    internal float[] Embed(params ReadOnlySpan<Raster> pictures)
    {
        var pixels = new float[pictures.Length * Preprocessing.Length];
        for (var at = 0; at < pictures.Length; at++)
            Preprocessing.Write(pictures[at], pixels.AsSpan(at * Preprocessing.Length, Preprocessing.Length));
        return EmbedPixels(pixels, pictures.Length);
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private float[] Run(Memory<float> pixels, int count, RunOptions run)
    {
        if (count == 0)
            return [];
        using var input = OrtValue.CreateTensorValueFromMemory(
            OrtMemoryInfo.DefaultInstance, pixels[..(count * Preprocessing.Length)], [count, 3, Preprocessing.Side, Preprocessing.Side]);
        using var outputs = _session.Run(run, [_input], [input], [_output]);
        var shape = outputs[0].GetTensorTypeAndShape();
        if (shape.ElementDataType != Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float || shape.Shape.Length != 2
            || shape.Shape[0] != count || shape.Shape[1] is < 1 or > WidestDescriptor || Dimension != 0 && shape.Shape[1] != Dimension)
            throw new InvalidDataException($"Detector '{Path}': for {count} pictures it gave {shape.ElementDataType} "
                + $"[{string.Join(", ", shape.Shape)}], not float [{count}, {(Dimension == 0 ? "1-8192" : Dimension)}].");
        Dimension = (int)shape.Shape[1];
        var rows = outputs[0].GetTensorDataAsSpan<float>().ToArray();
        for (var at = 0; at < count; at++)
        {
            var row = rows.AsSpan(at * Dimension, Dimension);
            var length = TensorPrimitives.Norm<float>(row);
            if (!float.IsFinite(length) || length < 1e-12f)
                throw new InvalidDataException($"Detector '{Path}': the descriptor of a picture is {(length < 1e-12f ? "all zeros" : "not finite")}.");
            TensorPrimitives.Divide(row, length, row);
        }
        return rows;
    }

    // The declared shapes may say anything or nothing; what counts is what comes out. A model that never ends is ended.
    private void Try()
    {
        var input = _session.InputMetadata[_input];
        if (_session.InputNames.Count != 1 || _session.OutputNames.Count != 1 || !input.IsTensor || input.ElementType != typeof(float)
            || input.Dimensions.Length != 4 || !Fits(input.Dimensions[1], 3)
            || !Fits(input.Dimensions[2], Preprocessing.Side) || !Fits(input.Dimensions[3], Preprocessing.Side))
            throw new InvalidDataException($"Detector '{Path}' must take one float [n, 3, {Preprocessing.Side}, {Preprocessing.Side}] and give one "
                + $"descriptor; it takes {string.Join(", ", _session.InputMetadata.Select(taken => $"{taken.Key} {taken.Value.ElementType?.Name} "
                + $"[{string.Join(", ", taken.Value.Dimensions)}]"))} and gives {string.Join(", ", _session.OutputNames)}.");
        using var run = new RunOptions();
        using var end = new CancellationTokenSource(TrialTime);
        using var terminate = end.Token.Register(() => run.Terminate = true);
        var pixels = new float[2 * Preprocessing.Length];
        for (var at = 0; at < pixels.Length; at++)
            pixels[at] = MathF.Sin(at * 0.013f); // not plain: a model may well give nothing for grey
        Run(pixels, 2, run);
    }

    private static bool Fits(int declared, int wanted) => declared == wanted || declared < 0;

    private static byte[] Read(string path, long largest)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"'{path}' is not there: a detector is NAME.onnx with NAME.json beside it.", path);
        if (file.Length > largest)
            throw new InvalidDataException($"'{path}' has {file.Length} bytes, more than the {largest} that a detector may have.");
        return File.ReadAllBytes(path);
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0] is var line && line.Length > 300 ? line[..300] : line;
}
