using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>libtorch's operations on whole lists of tensors, which TorchSharp has no calls for: reached through TorchScript.</summary>
internal static class FusedOps
{
    private const string Source = """
        def adamw(p: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], s: List[Tensor], lr: float, b1: float, b2: float, wd: float, eps: float, scale: Tensor, inf: Tensor) -> int:
            torch._fused_adamw_(p, g, m, v, [], s, lr=lr, beta1=b1, beta2=b2, weight_decay=wd, eps=eps, amsgrad=False, maximize=False, grad_scale=scale, found_inf=inf)
            return 0

        def copy(to: List[Tensor], source: List[Tensor]) -> int:
            torch._foreach_copy_(to, source)
            return 0

        def add(to: List[Tensor], source: List[Tensor]) -> int:
            torch._foreach_add_(to, source)
            return 0

        def scale(what: List[Tensor], factor: float) -> int:
            torch._foreach_mul_(what, factor)
            return 0

        def copy_scaled(to: List[Tensor], source: List[Tensor], factor: float) -> int:
            torch._foreach_copy_(to, torch._foreach_mul(source, factor))
            return 0
        """;

    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Source + "\n"));
    private static readonly Lock Gate = new(); // a compilation unit says nothing about threads

    /// <summary>One AdamW step with decoupled decay, in place, in one pass over everything.</summary>
    /// <param name="to">Weights, gradients (left divided by <paramref name="gradientScale"/>), first and second moments: one list each.</param>
    /// <param name="step">float32 scalar: number of this step, from 1.</param>
    /// <param name="settings">Rates.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="decay">Weight decay.</param>
    /// <param name="gradientScale">float32 scalar: gradients are divided by it first.</param>
    /// <param name="skip">float32 scalar: 1 leaves everything as it is.</param>
    public static void AdamW(
        (Tensor[] Weights, Tensor[] Gradients, Tensor[] First, Tensor[] Second) to, Tensor step, AdamWSettings settings, double rate,
        double decay, Tensor gradientScale, Tensor skip)
    {
        if (to.Weights.Length == 0)
            return;
        Tensor[] steps = [.. Enumerable.Repeat(step, to.Weights.Length)];
        lock (Gate)
            Unit.Value.invoke("adamw", to.Weights, to.Gradients, to.First, to.Second, steps, rate, settings.Beta1, settings.Beta2,
                decay, settings.Epsilon, gradientScale, skip);
    }

    /// <summary>Copies each tensor, whatever its type.</summary>
    public static void Copy(Tensor[] to, Tensor[] from)
    {
        lock (Gate)
            Unit.Value.invoke("copy", to, from);
    }

    /// <summary>Multiplies each tensor, in place.</summary>
    public static void Scale(Tensor[] what, double factor)
    {
        lock (Gate)
            Unit.Value.invoke("scale", what, factor);
    }

    /// <summary>Copies each tensor multiplied, rounded once.</summary>
    public static void CopyScaled(Tensor[] to, Tensor[] from, double factor)
    {
        lock (Gate)
            Unit.Value.invoke("copy_scaled", to, from, factor);
    }

    /// <summary>Adds each tensor of the second list to its partner in the first.</summary>
    public static void Add(Tensor[] to, Tensor[] from)
    {
        lock (Gate)
            Unit.Value.invoke("add", to, from);
    }
}
