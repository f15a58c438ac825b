using static TorchSharp.torch;

namespace WebImageText.Learn.Train;

/// <summary>The processes that train one model together, seen from one of them. Calls come in the same order on every rank.</summary>
internal interface IRanks
{
    /// <summary>This process, from 0.</summary>
    int Rank { get; }

    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>The rows of all ranks, in the order of the ranks.</summary>
    /// <param name="rows">Contiguous, of the same shape everywhere.</param>
    Tensor Gather(Tensor rows);

    /// <summary>Adds up a contiguous tensor over the ranks, in place.</summary>
    void Sum(Tensor tensor);

    /// <summary>Begins to add up a contiguous tensor in place, beside what the device computes; read it after <see cref="Join"/>.</summary>
    void SumBeside(Tensor tensor);

    /// <summary>What is computed from now on waits for all sums that were begun.</summary>
    void Join();
}

/// <summary>One process alone.</summary>
internal sealed class SingleRank : IRanks
{
    public int Rank => 0;

    public int Count => 1;

    public Tensor Gather(Tensor rows) => rows;

    public void Sum(Tensor tensor) { }

    public void SumBeside(Tensor tensor) { }

    public void Join() { }
}
