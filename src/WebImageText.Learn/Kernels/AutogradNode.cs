using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>A node of libtorch's graph whose work is done by a function of ours: TorchSharp's native half of it.</summary>
internal static unsafe partial class AutogradNode
{
    /// <summary>Handles of tensors, 0 for none.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Tensors
    {
        public nint Array;
        public long Size;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Pointers
    {
        public nint Shared;
        public nint Weak;
    }

    /// <summary>Turns gradients of the outputs, which the callee then owns, into gradients of the inputs.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate Tensors Apply(nint* gradients, int count);

    /// <summary>The node is gone.</summary>
    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void Forget();

    [ThreadStatic] private static nint* _wrapped;

    /// <summary>Puts a node between inputs and outputs. It lives as long as something leads back to it.</summary>
    /// <param name="apply">An <see cref="Apply"/>.</param>
    /// <param name="forget">A <see cref="Forget"/>; called at last, also where this fails.</param>
    /// <param name="inputs">What the outputs were computed from.</param>
    /// <param name="outputs">Tensors without a history; they get one.</param>
    public static void Connect(nint apply, nint forget, Tensor[] inputs, Tensor[] outputs)
    {
        var node = Create(apply, forget);
        CheckForErrors();
        try
        {
            nint* from = stackalloc nint[inputs.Length], to = stackalloc nint[outputs.Length], wrapped = stackalloc nint[outputs.Length];
            for (var at = 0; at < inputs.Length; at++)
                from[at] = inputs[at].Handle;
            for (var at = 0; at < outputs.Length; at++)
                to[at] = outputs[at].Handle;
            var (vars, none) = (new Tensors { Array = (nint)from, Size = inputs.Length }, default(Tensors));
            SetNextEdges(node, vars, true);
            CheckForErrors();
            _wrapped = wrapped;
            Wrap(vars, none, none, new() { Array = (nint)to, Size = outputs.Length }, node, &Room);
            CheckForErrors();
            for (var at = 0; at < outputs.Length; at++)
                Tensor.UnsafeCreateTensor(wrapped[at]).Dispose(); // the same tensors once more
        }
        finally
        {
            DropWeak(node);
            DropShared(node); // the outputs hold it now
        }
        GC.KeepAlive(inputs);
        GC.KeepAlive(outputs);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint* Room(nuint count) => _wrapped;

    [LibraryImport("LibTorchSharp", EntryPoint = "THSAutograd_CSharpNode_ctor")]
    private static partial Pointers Create(nint apply, nint forget);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSAutograd_CSharpNode_disposeSharedPtr")]
    private static partial void DropShared(Pointers node);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSAutograd_CSharpNode_disposeWeakPtr")]
    private static partial void DropWeak(Pointers node);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSAutograd_CSharpNode_setNextEdges")]
    private static partial void SetNextEdges(Pointers node, Tensors inputs, [MarshalAs(UnmanagedType.U1)] bool isExecutable);

    [LibraryImport("LibTorchSharp", EntryPoint = "THSAutograd_Function_wrapOutputs")]
    private static partial void Wrap(
        Tensors inputs, Tensors notDifferentiable, Tensors dirty, Tensors outputs, Pointers node, delegate* unmanaged[Cdecl]<nuint, nint*> room);
}
