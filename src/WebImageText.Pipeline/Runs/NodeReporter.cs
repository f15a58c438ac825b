using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Event;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Staging;

namespace WebImageText.Pipeline.Runs;

/// <summary>What a node has done since it started, and what it holds.</summary>
/// <param name="Node">Its lasting name.</param>
/// <param name="Address">Where it is reached.</param>
/// <param name="Roles">What it does.</param>
/// <param name="Counts">Of this node alone.</param>
/// <param name="Staged">Verdicts that are durable on it and in no shard yet.</param>
public sealed record NodeReport(string Node, string Address, ImmutableArray<string> Roles, RunCounts Counts, int Staged);

/// <summary>Where the run stands, as its coordinator says.</summary>
/// <param name="IsFinished">Everything is committed and the manifest is written.</param>
/// <param name="Failure">Why it cannot go on; null while it can.</param>
/// <param name="UsedUp">Which part of the budget is used up; null while none is.</param>
/// <param name="Gaps">What could not be had.</param>
internal sealed record RunIs(bool IsFinished, string? Failure, string? UsedUp, IReadOnlyList<string> Gaps);

/// <summary>Tells the coordinator how this node gets on, seals its staging when told to, looks at the clock, and ends the node with the run.</summary>
internal sealed class NodeReporter : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan NoteworthyJump = TimeSpan.FromSeconds(5);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly NodeParts _node;
    private readonly StagingFolder _folder;
    private TimeSpan _ahead;

    private sealed record Look
    {
        public static Look Instance { get; } = new();
    }

    /// <param name="node">Of this node.</param>
    /// <param name="folder">Its staging; only counts are read.</param>
    /// <param name="end">Is told how the run ended.</param>
    public NodeReporter(NodeParts node, StagingFolder folder, TaskCompletionSource<RunEnd> end)
    {
        (_node, _folder) = (node, folder);
        Receive<Look>(_ =>
        {
            _node.Owners.Run.Tell(Report());
            LookAtClock();
        });
        Receive<Stager.Seal>(_node.Owners.Staging.Forward);
        Receive<RunIs>(run =>
        {
            if (run.Failure is { } failure)
                end.TrySetResult(new RunEnd.Failed(failure));
            else if (run.UsedUp is { } budget)
                end.TrySetResult(new RunEnd.Stopped(budget, IsBudget: true));
            else if (run.IsFinished)
                end.TrySetResult(new RunEnd.Finished(run.Gaps));
        });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, TimeSpan.Zero, ReportEvery);

    private void LookAtClock()
    {
        var ahead = _node.Clock.Ahead;
        if ((ahead - _ahead).Duration() < NoteworthyJump)
            return;
        _log.Warning($"the clock of this machine was set by {ahead - _ahead:c}; the run goes on by the time that has passed since its start");
        _ahead = ahead;
    }

    private NodeReport Report()
    {
        var self = Cluster.Get(Context.System).SelfMember;
        return new(_folder.Node, self.Address.ToString(), [.. self.Roles.Order(StringComparer.Ordinal)], _node.Tally.Now(), _folder.Staged);
    }
}
