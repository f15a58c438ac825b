using TorchSharp;

namespace WebImageText.Learn;

/// <summary>What this machine's libtorch can do.</summary>
/// <param name="Version">Of libtorch; null when it does not load.</param>
/// <param name="Devices"><c>cpu</c>, and <c>cuda:0</c>… for each CUDA device.</param>
/// <param name="Fault">Why it does not load.</param>
public sealed record TorchProbe(string? Version, IReadOnlyList<string> Devices, string? Fault)
{
    /// <summary>Loads libtorch, adds two numbers with it and lists its devices.</summary>
    public static TorchProbe Run()
    {
        if (!TorchLibrary.IsThere)
            return new(null, [], "this build carries no libtorch");
        try
        {
            using var scope = torch.NewDisposeScope();
            if ((torch.ones(1) + 1).item<float>() != 2)
                return new(null, [], "libtorch cannot add");
            var cuda = torch.cuda.is_available() ? torch.cuda.device_count() : 0;
            return new(torch.__version__, ["cpu", .. Enumerable.Range(0, cuda).Select(index => $"cuda:{index}")], null);
        }
        catch (Exception fault) when (fault is DllNotFoundException or NotSupportedException or TypeInitializationException or FileNotFoundException)
        {
            return new(null, [], fault.GetBaseException().Message);
        }
    }
}
