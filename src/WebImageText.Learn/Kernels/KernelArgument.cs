using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace WebImageText.Learn.Kernels;

/// <summary>An argument of a kernel: a number, or where a tensor's elements lie. Converts from what it may be.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
internal readonly struct KernelArgument
{
    [FieldOffset(0)] private readonly long _whole;
    [FieldOffset(0)] private readonly float _real;

    private KernelArgument(long whole) => _whole = whole;

    private KernelArgument(float real) => _real = real;

    public static implicit operator KernelArgument(int value) => new((long)value);

    public static implicit operator KernelArgument(long value) => new(value);

    public static implicit operator KernelArgument(float value) => new(value);

    /// <summary>The address of the first element; 0 for null. The tensor must be dense, in whatever order.</summary>
    public static implicit operator KernelArgument(Tensor? tensor) => new(tensor is null ? 0 : (long)TensorMemory.Start(tensor));
}
