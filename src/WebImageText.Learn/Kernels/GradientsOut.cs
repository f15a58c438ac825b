using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>Gradients on their way into native code, which copies them after the call that returned them.</summary>
internal sealed unsafe class GradientsOut
{
    private readonly List<Tensor> _tensors = [];
    private readonly int _count;
    private readonly nint* _handles;
    private int _isReleased;

    /// <summary>As many as there are tensors among the inputs; none of them has a gradient yet.</summary>
    public GradientsOut(int count)
    {
        _count = count;
        _handles = (nint*)NativeMemory.AllocZeroed((nuint)Math.Max(count, 1), (nuint)sizeof(nint));
    }

    /// <summary>As native code reads them: until <see cref="Release"/>.</summary>
    public AutogradNode.Tensors List => new() { Array = (nint)_handles, Size = _count };

    /// <summary>Takes gradients over, in their order.</summary>
    public void Take(IEnumerable<Tensor?> gradients)
    {
        foreach (var (at, gradient) in gradients.Index())
        {
            if (gradient is null)
                continue;
            _tensors.Add(gradient.DetachFromDisposeScope());
            _handles[at] = gradient.Handle;
        }
    }

    /// <summary>There are none after all.</summary>
    public void Clear() => new Span<nint>(_handles, _count).Clear();

    /// <summary>Native code has copied them.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) != 0)
            return;
        foreach (var tensor in _tensors)
            tensor.Dispose();
        NativeMemory.Free(_handles);
    }
}
