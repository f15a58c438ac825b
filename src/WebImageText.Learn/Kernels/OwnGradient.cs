using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>What a backward pass calls to get the gradients of some inputs.</summary>
/// <param name="gradients">Of the outputs; null for one that nothing was computed from.</param>
/// <param name="saved">What was kept for this; not to be returned.</param>
/// <returns>As many as there are inputs; null for one that needs none. One that was passed in may be returned, also twice.</returns>
internal delegate Tensor?[] Backward(Tensor?[] gradients, Tensor[] saved);

/// <summary>
/// Gives tensors that were computed outside of libtorch's sight a gradient function of our own. TorchSharp's own way keeps a new
/// tensor as large as each output until the graph goes, and never frees what a backward pass returns.
/// </summary>
/// <remarks>
/// A node is called by libtorch's threads. It is kept and used again after its graph has gone, as native code may not have left
/// its entry points yet when it says so.
/// </remarks>
internal sealed unsafe class OwnGradient
{
    private static readonly ConcurrentBag<OwnGradient> Spare = [];
    private static Exception? _failure;

    // Native code has copied what a call returned once the next call of the same thread begins.
    [ThreadStatic] private static GradientsOut? _lastOfThread;

    private readonly nint _apply, _forget;
    private Tensor[]? _saved;
    private Backward? _backward;
    private bool[] _isThere = [];
    private GradientsOut? _last;

    private OwnGradient()
    {
        AutogradNode.Apply apply = Apply;
        AutogradNode.Forget forget = Forget;
        GCHandle.Alloc(apply); // for the life of the process
        GCHandle.Alloc(forget);
        (_apply, _forget) = (Marshal.GetFunctionPointerForDelegate(apply), Marshal.GetFunctionPointerForDelegate(forget));
    }

    /// <summary>
    /// From now on the outputs have gradients, if gradients are enabled and an input has one. They can be asked for once: what was
    /// saved is freed as soon as they were, or when the outputs go.
    /// </summary>
    /// <param name="inputs">What the outputs were computed from; null for one that is not there.</param>
    /// <param name="outputs">Computed under <c>no_grad</c>; none of them an input.</param>
    /// <param name="saved">What <paramref name="backward"/> needs; aliases of these are kept.</param>
    /// <param name="backward">Computes the gradients.</param>
    public static void Attach(Tensor?[] inputs, Tensor[] outputs, Tensor[] saved, Backward backward)
    {
        if (!is_grad_enabled() || !inputs.Any(input => input is { requires_grad: true }))
            return;
        if (!Spare.TryTake(out var node))
            node = new();
        node._backward = backward;
        node._isThere = [.. inputs.Select(input => input is not null)];
        node._saved = [.. saved.Select(tensor => tensor.detach().DetachFromDisposeScope())];
        AutogradNode.Connect(node._apply, node._forget, [.. inputs.OfType<Tensor>()], outputs);
    }

    /// <summary>Throws what a gradient function threw since the last call: it may not cross native code, which got no gradients instead.</summary>
    /// <exception cref="InvalidOperationException">One failed.</exception>
    public static void ThrowIfFailed()
    {
        if (Interlocked.Exchange(ref _failure, null) is { } failure)
            throw new InvalidOperationException($"A gradient could not be computed: {failure.Message}", failure);
    }

    private AutogradNode.Tensors Apply(nint* gradients, int count)
    {
        _lastOfThread?.Release();
        _lastOfThread = _last = new(_isThere.Count(isThere => isThere));
        try
        {
            using var scope = NewDisposeScope();
            var incoming = new Tensor?[count];
            for (var at = 0; at < count; at++)
                incoming[at] = gradients[at] == 0 ? null : Tensor.UnsafeCreateTensor(gradients[at]);
            var saved = Interlocked.Exchange(ref _saved, null)
                ?? throw new InvalidOperationException("this graph has been gone through before, and keeps nothing for a second time.");
            try
            {
                var outgoing = _backward!(incoming, saved);
                _last.Take(outgoing.Where((_, at) => _isThere[at]));
            }
            finally
            {
                Drop(saved);
            }
        }
        catch (Exception failure)
        {
            Interlocked.CompareExchange(ref _failure, failure, null);
            _last.Clear();
        }
        return _last.List;
    }

    private void Forget()
    {
        _last?.Release();
        Drop(Interlocked.Exchange(ref _saved, null));
        (_last, _backward) = (null, null);
        Spare.Add(this);
    }

    private static void Drop(Tensor[]? tensors)
    {
        foreach (var tensor in tensors ?? [])
            tensor.Dispose();
    }
}
