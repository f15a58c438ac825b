using System.Collections.Immutable;
using Akka.Actor;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline;

/// <summary>How a cluster gets on.</summary>
/// <param name="Run">In words: running, finished, or why it failed.</param>
/// <param name="Busy">Queries and hosts at work.</param>
/// <param name="Open">Those whose candidates are not all settled.</param>
/// <param name="Nodes">The last report of each.</param>
public sealed record ClusterState(string Run, int Busy, int Open, IReadOnlyList<NodeReport> Nodes)
{
    internal static ClusterState Of(RunCoordinator.AllNodes all) => new(
        all.Run.Failure is { } failure ? $"failed: {failure}" : all.Run.UsedUp is { } budget ? $"stopped: {budget}" : all.Run.IsFinished ? "finished" : "running", all.Busy, all.Open, all.Nodes);
}

/// <summary>Speaks to a cluster without being a member of it.</summary>
public sealed class ClusterClient : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    private readonly ActorSystem _system;
    private readonly string _protocol;

    private ClusterClient(NodeSettings settings) =>
        (_system, _protocol) = (ActorSystem.Create("wit", NodeSetup.OfClient(settings)), settings.Protocol);

    /// <summary>Starts the client.</summary>
    /// <param name="certificates">As a node's; null for a cluster without TLS.</param>
    public static ClusterClient Start(NodeCertificates? certificates) => new(new() { Journal = "", Certificates = certificates });

    /// <summary>Submits a run.</summary>
    /// <returns>What the cluster runs now; null when no seed answers.</returns>
    public async Task<IReadOnlyList<string>?> SubmitAsync(IReadOnlyList<string> seeds, IReadOnlyList<string> words, CancellationToken stop) =>
        await AskAnyAsync<object>(seeds, "board", new RunBoard.Submit([.. words]), stop).ConfigureAwait(false) switch
        {
            RunBoard.Submission submission => submission.Words,
            RunBoard.Refused refused => refused.Words,
            _ => (ImmutableArray<string>?)null,
        };

    /// <summary>How the cluster gets on; null when no run answers.</summary>
    public async Task<ClusterState?> StateAsync(IReadOnlyList<string> seeds, CancellationToken stop) =>
        await AskAnyAsync<RunCoordinator.AllNodes>(seeds, "run", RunCoordinator.AskNodes.Instance, stop).ConfigureAwait(false) is { } all
            ? ClusterState.Of(all)
            : null;

    private async Task<T?> AskAnyAsync<T>(IReadOnlyList<string> seeds, string singleton, object question, CancellationToken stop) where T : class
    {
        foreach (var seed in seeds)
        {
            try
            {
                return await _system.ActorSelection($"{_protocol}://wit@{seed}/user/{singleton}-proxy").Ask<T>(question, AnswerTime, stop).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                // The next one may know.
            }
        }
        return null;
    }

    /// <summary>Ends the client.</summary>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);
}
