// libtorch has one generator of random numbers a process, and its own threads for all cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
