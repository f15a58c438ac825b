using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>An operation that kernels of our own compute, in one shape.</summary>
/// <param name="Name">Snake case.</param>
/// <param name="IsSmall">Few enough elements that each is compared by itself; no time is worth taking of it.</param>
/// <param name="ForwardBytes">What our kernels read and write, forward.</param>
/// <param name="BackBytes">Likewise, back.</param>
/// <param name="Make">Its input with activations of a type; the same values at every call.</param>
internal sealed record KernelCase(string Name, bool IsSmall, double ForwardBytes, double BackBytes, Func<ScalarType, KernelInput> Make);

/// <summary>What an operation works on.</summary>
/// <param name="Leaves">Tensors whose gradients are asked for.</param>
/// <param name="Compute">Gives the outputs.</param>
/// <param name="Upstream">Gradients of the outputs.</param>
/// <param name="Watched">Tensors that it changes.</param>
internal sealed record KernelInput(Tensor[] Leaves, Func<Tensor[]> Compute, Tensor[] Upstream, Tensor[] Watched)
{
    /// <summary>Outputs and gradients.</summary>
    public (Tensor[] Outputs, Tensor[] Gradients) Run()
    {
        var outputs = Compute();
        var gradients = autograd.grad(outputs, Leaves, Upstream);
        OwnGradient.ThrowIfFailed();
        return (outputs, [.. gradients]);
    }
}
