using Akka.Actor;
using Akka.Cluster;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Runs;

namespace WebImageText.Pipeline;

/// <summary>This process as a member of a cluster.</summary>
public sealed class ClusterMember : IAsyncDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    private readonly TaskCompletionSource _removed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IActorRef _board;
    private readonly IActorRef _neighbours;
    private bool _isDisposed;

    private ClusterMember(ActorSystem system, bool isAlone)
    {
        (System, IsAlone) = (system, isAlone);
        Cluster.Get(system).RegisterOnMemberRemoved(() => _removed.TrySetResult());
        // Akka ends the whole system when a neighbour that it calls shows a certificate of somebody else's.
        _ = system.WhenTerminated.ContinueWith(_ => _removed.TrySetResult(), TaskScheduler.Default);
        _neighbours = system.ActorOf(Props.Create(() => new Neighbours()), Neighbours.Name);
        _board = Node.Singleton(system, "board", Roles.Write, Props.Create(() => new RunBoard()));
    }

    internal ActorSystem System { get; }

    /// <summary>It is a cluster of one, and nobody else can join.</summary>
    internal bool IsAlone { get; }

    /// <summary>Ends when the cluster goes on without this node.</summary>
    internal Task Removed => _removed.Task;

    /// <summary>Another node of the cluster is heard now, or there is none.</summary>
    internal async Task<bool> IsInTouchAsync(CancellationToken stop) =>
        (await _neighbours.Ask<Neighbours.Touch>(Neighbours.AskTouch.Instance, Timeout.InfiniteTimeSpan, stop).ConfigureAwait(false)).IsThere;

    /// <summary>For the user, once <see cref="Removed"/> has ended.</summary>
    internal string WhyRemoved => System.WhenTerminated.IsCompleted
        ? "The node could not go on: a neighbour's address is answered by somebody without a certificate of this cluster. Start it again with the same state folder."
        : "The cluster goes on without this node: it was out of reach for too long. Start it again with the same state folder.";

    /// <summary>Where other nodes reach this one.</summary>
    public string Address => Cluster.Get(System).SelfAddress.ToString();

    /// <summary>Starts the actor system and joins the cluster.</summary>
    public static async Task<ClusterMember> JoinAsync(NodeSettings settings, CancellationToken stop) =>
        new(await Node.JoinAsync(settings, stop).ConfigureAwait(false), settings.Seeds.Count == 0);

    /// <summary>Waits until somebody has submitted a run.</summary>
    /// <returns>Its options, as words of a command line.</returns>
    /// <exception cref="OutOfClusterException">The node is no longer in the cluster.</exception>
    public async Task<IReadOnlyList<string>> SubmissionAsync(CancellationToken stop)
    {
        while (true)
        {
            if (Removed.IsCompleted)
                throw new OutOfClusterException(WhyRemoved);
            try
            {
                if (await _board.Ask<object>(RunBoard.Ask.Instance, AnswerTime, stop).ConfigureAwait(false) is RunBoard.Submission submission)
                    return submission.Words;
            }
            catch (AskTimeoutException)
            {
                // The board is on its way to another node.
            }
            await Task.Delay(LookEvery, stop).ConfigureAwait(false);
        }
    }

    /// <summary>How the cluster gets on; null while no run answers.</summary>
    public async Task<ClusterState?> StateAsync(CancellationToken stop)
    {
        try
        {
            var run = System.ActorSelection("/user/run-proxy");
            return ClusterState.Of(await run.Ask<RunCoordinator.AllNodes>(RunCoordinator.AskNodes.Instance, AnswerTime, stop).ConfigureAwait(false));
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Leaves the cluster, so that the others take over at once, and ends the actor system.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        if (!IsAlone && !Removed.IsCompleted)
            await Task.WhenAny(Cluster.Get(System).LeaveAsync(), Task.Delay(AnswerTime)).ConfigureAwait(false);
        await System.Terminate().ConfigureAwait(false);
    }
}

/// <summary>The node is not in the cluster, or not any more.</summary>
/// <param name="why">For the user, with the remedy.</param>
public sealed class OutOfClusterException(string why) : Exception(why);
