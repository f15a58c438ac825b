using System.Diagnostics;
using WebImageText.Cli.Demo;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Bench.Chaos;

/// <summary>Nodes of a cluster, killed at random moments and started again; one of the kills meets their PostgreSQL.</summary>
/// <param name="web">What the cluster crawls.</param>
/// <param name="folder">For everything that it writes.</param>
/// <param name="nodes">How many.</param>
/// <param name="far">The far side of a link that is cut, where the last node lives; null when all are on loopback.</param>
/// <param name="random">The moments are drawn from it.</param>
internal sealed class ClusterChaos(DemoWeb web, string folder, int nodes, FarSide? far, Random random)
{
    private const int FirstPort = 24_500;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LeaveTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Cut = TimeSpan.FromSeconds(45);

    private readonly NodePlace[] _places =
    [
        .. Enumerable.Range(0, nodes).Select(node => far is null
            ? NodePlace.Here(FirstPort + node)
            : node == nodes - 1 ? far.FarNode(FirstPort + node) : far.NearNode(FirstPort + node)),
    ];

    private readonly WitProcess?[] _nodes = new WitProcess?[nodes];
    private int _starts;

    /// <summary>Processes started so far.</summary>
    public int Starts => _starts;

    /// <summary>Processor time of the nodes that nobody killed.</summary>
    public TimeSpan Cpu => _nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + (node?.Cpu ?? TimeSpan.Zero));

    /// <summary>Has the cluster make one data set.</summary>
    /// <returns>How many were killed; fewer than asked for where the data set was done before.</returns>
    public async Task<int> RunAsync(int kills, bool freeze, CancellationToken stop)
    {
        await using var postgres = await Postgres.StartAsync(Path.Combine(folder, "postgres"), far is null ? null : (FarSide.NearAddress, FarSide.Network), stop);
        try
        {
            for (var node = 0; node < nodes; node++)
                Start(node, postgres);
            await SubmitAsync(stop);
            var freezing = freeze ? _nodes[nodes - 1]!.FreezeAsync(Freeze, stop) : Task.CompletedTask;
            var cutting = far?.CutAsync(Cut, stop) ?? Task.CompletedTask;
            var killed = 0;
            while (killed < kills && !HasEnded())
            {
                await Task.Delay(TimeSpan.FromSeconds(3 + (random.NextDouble() * 9)), stop);
                if (HasEnded())
                    break;
                // Of every ten kills one meets the journal.
                var victim = random.Next(nodes * 10 / 9 + 1);
                if (victim >= nodes)
                {
                    postgres.Kill();
                    await Task.Delay(TimeSpan.FromSeconds(2), stop);
                    await postgres.StartAsync(stop);
                }
                else
                {
                    _nodes[victim]!.Kill();
                    _nodes[victim]!.Dispose();
                    await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 4), stop);
                    Start(victim, postgres);
                }
                Screen.Note($"kill {++killed} of {kills}: {(victim >= nodes ? "PostgreSQL" : $"node {victim + 1}")}");
            }
            await Task.WhenAll(freezing, cutting);
            await EndAsync(postgres, stop);
            return killed;
        }
        finally
        {
            foreach (var node in _nodes)
                node?.Dispose();
        }
    }

    private void Start(int node, Postgres postgres)
    {
        _starts++;
        _nodes[node] = WitProcess.Node(_places[node], _places, Path.Combine(folder, $"node{node + 1}"), postgres.Connection);
    }

    private async Task SubmitAsync(CancellationToken stop)
    {
        for (var tries = 0; ; tries++)
        {
            using var submit = WitProcess.Submit(web, Path.Combine(folder, "set"), _places[tries % nodes]);
            if (await submit.EndsWithinAsync(Patience, stop) == ExitCode.Done)
                return;
            if (tries > 20)
                throw new InvalidOperationException($"The cluster takes no run: {submit.LastWords}");
        }
    }

    private bool HasEnded() => _nodes.Any(node => node!.Code == ExitCode.Done);

    // A node that the cluster went on without ends by itself; whoever runs nodes starts it again.
    private async Task EndAsync(Postgres postgres, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        long? ended = null;
        while (!_nodes.All(node => node!.Code == ExitCode.Done))
        {
            // A node that comes back after the end finds no cluster to join, and waits for one.
            if (HasEnded() && Stopwatch.GetElapsedTime(ended ??= Stopwatch.GetTimestamp()) > LeaveTime)
                return;
            for (var node = 0; node < nodes; node++)
            {
                if (_nodes[node]!.Code is not (null or ExitCode.Done))
                {
                    Screen.Note($"node {node + 1} ended with {_nodes[node]!.Code}: {_nodes[node]!.LastWords}");
                    _nodes[node]!.Dispose();
                    Start(node, postgres);
                }
            }
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new InvalidOperationException($"The cluster does not end: {string.Join(" || ", _nodes.Select(node => node!.LastWords))}");
            _ = Cpu; // of a process that has ended nobody knows it any more
            await Task.Delay(500, stop);
        }
    }
}
