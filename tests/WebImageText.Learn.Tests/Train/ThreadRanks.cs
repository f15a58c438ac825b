using WebImageText.Learn.Train;
using static TorchSharp.torch;

namespace WebImageText.Learn.Tests.Train;

/// <summary>Ranks that are threads of one process.</summary>
internal sealed class ThreadRanks : IRanks
{
    private readonly Meeting _meeting;

    private ThreadRanks(Meeting meeting, int rank) => (_meeting, Rank) = (meeting, rank);

    public int Rank { get; }

    public int Count => _meeting.Places.Length;

    /// <summary>Runs the same work on a thread each.</summary>
    public static T[] Run<T>(int count, Func<IRanks, T> work)
    {
        var (meeting, results, faults) = (new Meeting(count), new T[count], new List<Exception>());
        var threads = Enumerable.Range(0, count).Select(rank => new Thread(() =>
        {
            try
            {
                results[rank] = work(new ThreadRanks(meeting, rank));
            }
            catch (Exception fault)
            {
                lock (faults)
                    faults.Add(fault);
                meeting.Barrier.RemoveParticipant();
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        return faults.Count == 0 ? results : throw new AggregateException(faults);
    }

    public Tensor Gather(Tensor rows) => Meet(rows, all => cat(all));

    public void Sum(Tensor tensor)
    {
        using var sum = Meet(tensor, all => stack(all).sum([0L]));
        using var quiet = no_grad();
        tensor.copy_(sum);
    }

    public void SumBeside(Tensor tensor)
    {
        Sum(tensor);
        Early += Environment.StackTrace.Contains("BackwardMark", StringComparison.Ordinal) ? 1 : 0;
    }

    public void Join() => Joined++;

    /// <summary>Sums that were begun while the backward pass went on.</summary>
    public int Early { get; private set; }

    public int Joined { get; private set; }

    private Tensor Meet(Tensor own, Func<Tensor[], Tensor> join)
    {
        _meeting.Places[Rank] = own;
        _meeting.Barrier.SignalAndWait();
        var joined = join(_meeting.Places);
        _meeting.Barrier.SignalAndWait();
        return joined;
    }

    private sealed record Meeting(int Count)
    {
        public Barrier Barrier { get; } = new(Count);

        public Tensor[] Places { get; } = new Tensor[Count];
    }
}
