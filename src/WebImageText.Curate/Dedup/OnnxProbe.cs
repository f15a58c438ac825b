using Microsoft.ML.OnnxRuntime;

namespace WebImageText.Curate.Dedup;

/// <summary>Which execution providers this build's ONNX Runtime brings.</summary>
public static class OnnxProbe
{
    /// <summary>Names such as <c>CPUExecutionProvider</c>; none when the library does not load.</summary>
    public static IReadOnlyList<string> Providers()
    {
        try
        {
            return OrtEnv.Instance().GetAvailableProviders();
        }
        catch (Exception fault) when (fault is DllNotFoundException or TypeInitializationException or OnnxRuntimeException)
        {
            return [];
        }
    }
}
