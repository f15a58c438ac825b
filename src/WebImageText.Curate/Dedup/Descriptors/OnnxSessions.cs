using Microsoft.ML.OnnxRuntime;

namespace WebImageText.Curate.Dedup.Descriptors;

/// <summary>
/// Sessions of ONNX Runtime for files that may be anybody's: what all of them hold together on the host, weights and what is
/// computed, comes from one arena that does not grow without end.
/// </summary>
internal static class OnnxSessions
{
    /// <summary>Bytes of the arena: the most that ONNX Runtime lets one have.</summary>
    public const uint MostBytes = uint.MaxValue;

    private static readonly Lazy<bool> Arena = new(() =>
    {
        using var memory = new OrtMemoryInfo(OrtMemoryInfo.allocatorCPU, OrtAllocatorType.ArenaAllocator, 0, OrtMemType.Default);
        using var arena = new OrtArenaCfg(MostBytes, arenaExtendStrategy: 1, initialChunkSizeBytes: -1, maxDeadBytesPerChunk: -1); // as much as is asked for
        OrtEnv.Instance().CreateAndRegisterAllocator(memory, arena);
        return true;
    });

    /// <summary>A model as it is, for a trial in which every number comes from the arena.</summary>
    /// <param name="model">The file.</param>
    /// <param name="threads">Threads of one call; 0 for one a core.</param>
    /// <param name="cuda">Runs on the first CUDA device.</param>
    /// <exception cref="OnnxRuntimeException">It does not load, or needs more memory than there is for it.</exception>
    public static InferenceSession OpenPlain(byte[] model, int threads, bool cuda = false) => Session(model, threads, cuda, GraphOptimizationLevel.ORT_DISABLE_ALL);

    /// <summary>A model that was tried: what ONNX Runtime computes ahead, it does with memory that nobody counts.</summary>
    /// <inheritdoc cref="OpenPlain"/>
    public static InferenceSession OpenTried(byte[] model, int threads, bool cuda = false) => Session(model, threads, cuda, GraphOptimizationLevel.ORT_ENABLE_ALL);

    private static InferenceSession Session(byte[] model, int threads, bool cuda, GraphOptimizationLevel level)
    {
        _ = Arena.Value;
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            GraphOptimizationLevel = level,
        };
        options.AddSessionConfigEntry("session.use_env_allocators", "1");
        if (cuda)
            options.AppendExecutionProvider_CUDA();
        return new(model, options);
    }
}
