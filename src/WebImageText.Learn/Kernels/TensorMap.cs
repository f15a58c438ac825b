using System.Runtime.CompilerServices;

namespace WebImageText.Learn.Kernels;

/// <summary>An argument of 128 bytes that tells tensor copies where a matrix lies; made by <see cref="CudaDriver.Map"/>.</summary>
[InlineArray(Words)]
internal struct TensorMap
{
    private const int Words = 16;

    private ulong _word;
}
