namespace WebImageText.Learn.Kernels;

/// <summary>How a kernel is launched.</summary>
/// <param name="BlocksX">Blocks, first dimension.</param>
/// <param name="BlocksY">Blocks, second dimension.</param>
/// <param name="ThreadsX">Threads of a block, first dimension.</param>
/// <param name="ThreadsY">Threads of a block, second dimension.</param>
/// <param name="SharedBytes">Shared memory of a block beside what the source says.</param>
internal readonly record struct LaunchGrid(long BlocksX, int BlocksY, int ThreadsX, int ThreadsY, int SharedBytes = 0);
