// A run on the photo web waits most of its time for a host that wants a second between two requests: three of them fit on two cores.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.Collections, MaxThreads = 3)]

namespace WebImageText.Tests;

/// <summary>Tests that take all cores there are, or look at the clock: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    /// <summary>For <c>[Collection]</c>.</summary>
    public const string Name = "one at a time";
}
