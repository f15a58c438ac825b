using Microsoft.ML.OnnxRuntime;
using WebImageText.Curate.Dedup.Descriptors;

namespace WebImageText.Curate.Filter.Scores;

/// <summary>An ONNX file of one input and one output that is read: one row in, one row of floats out. Safe for many threads.</summary>
internal sealed class OnnxModel : IDisposable
{
    private const long LargestFile = 2L << 30;
    private const int LongestRow = 1 << 16;
    private const int Threads = 1; // pictures are what runs in parallel

    private static readonly TimeSpan TrialTime = TimeSpan.FromSeconds(60);

    private readonly string _path;
    private readonly Lock _gate = new();
    private byte[]? _untried;
    private InferenceSession _session;

    private OnnxModel(string path, byte[] untried) => (_path, _untried, _session) = (path, untried, OnnxSessions.OpenPlain(untried, Threads));

    /// <exception cref="InvalidDataException">It is no model that runs here; the message says why.</exception>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static OnnxModel Open(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"The model '{path}' is not there.", path);
        if (file.Length > LargestFile - 1)
            throw new InvalidDataException($"The model '{path}' has {file.Length} bytes, more than {LargestFile}.");
        var bytes = File.ReadAllBytes(path);
        if (OnnxCheck.Find(bytes) is { } wrong)
            throw new InvalidDataException($"The model '{path}' is refused: {wrong}.");
        try
        {
            return new(path, bytes);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new InvalidDataException($"The model '{path}' does not load: {fault.Message.Split('\n')[0]}", fault);
        }
    }

    /// <summary>The first row of the first output.</summary>
    /// <exception cref="InvalidDataException">The model does not take such an input, runs too long, or gives no finite floats.</exception>
    public float[] Run<T>(T[] input, params long[] shape) where T : unmanaged
    {
        using var run = new RunOptions();
        using var end = new CancellationTokenSource(TrialTime);
        using var terminate = end.Token.Register(() => run.Terminate = true);
        try
        {
            using var tensor = OrtValue.CreateTensorValueFromMemory(input, shape);
            return Run(Tried(tensor, run), tensor, run);
        }
        catch (OnnxRuntimeException fault)
        {
            throw new InvalidDataException(
                $"The model '{_path}' cannot score an input [{string.Join(", ", shape)}]: {fault.Message.Split('\n')[0]}", fault);
        }
    }

    // The first input tries the model as it is; only then ONNX Runtime may compute ahead what it likes.
    private InferenceSession Tried(OrtValue input, RunOptions run)
    {
        lock (_gate)
        {
            if (_untried is not { } model)
                return _session;
            Run(_session, input, run);
            _session.Dispose();
            _session = OnnxSessions.OpenTried(model, Threads);
            _untried = null;
            return _session;
        }
    }

    private float[] Run(InferenceSession session, OrtValue input, RunOptions run)
    {
        using var outputs = session.Run(run, [session.InputNames[0]], [input], [session.OutputNames[0]]);
        var values = outputs[0].GetTensorDataAsSpan<float>();
        if (values.Length is 0 or > LongestRow || values.ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
            throw new InvalidDataException($"The model '{_path}' gave {values.Length} numbers, or one that is not finite.");
        return values.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
