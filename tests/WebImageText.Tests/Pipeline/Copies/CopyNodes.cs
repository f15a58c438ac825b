using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster;
using Akka.Configuration;
using WebImageText.Pipeline;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Wire;
using WebImageText.Shards.Stores;
using WebImageText.Tests.Shards;

namespace WebImageText.Tests.Pipeline.Copies;

/// <summary>Nodes of a cluster in this process, with nothing on them but the ranges of the pictures.</summary>
internal sealed class CopyNodes : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    // As nodes are set up, but sooner sure that one is gone; and one that ends does not say so before.
    private static readonly Config Abrupt = ConfigurationFactory.ParseString(
        """
        akka.loglevel = OFF
        akka.cluster.split-brain-resolver.stable-after = 1s
        akka.coordinated-shutdown { terminate-actor-system = off, run-by-actor-system-terminate = off }
        """);

    private readonly TempFolder _folder = new();
    private readonly List<(ActorSystem System, Owners Owners)> _nodes = [];

    public IShardStore Store => new FolderStore(Path.Combine(_folder.Path, "data"));

    public string Journal => Path.Combine(_folder.Path, "journal.db");

    /// <summary>The system of the node that came as the <paramref name="node"/>-th, of those that are there.</summary>
    public ActorSystem this[int node] => _nodes[node].System;

    /// <summary>Starts a node: the first one begins the cluster.</summary>
    /// <param name="apart">It is cut off from the others, and shares the journal alone.</param>
    public async Task JoinAsync(bool apart = false)
    {
        var settings = new NodeSettings { Journal = Journal };
        var bootstrap = NodeSetup.Of(settings, shards: 64).Get<BootstrapSetup>().Value;
        var system = ActorSystem.Create("wit", ActorSystemSetup.Create(bootstrap.WithConfig(Abrupt.WithFallback(bootstrap.Config.Value))));
        var cluster = Cluster.Get(system);
        await (apart || _nodes.Count == 0
            ? cluster.JoinAsync(cluster.SelfAddress, Stop)
            : cluster.JoinSeedNodesAsync([Cluster.Get(this[0]).SelfAddress], Stop));
        var owners = new Owners();
        Node.StartCopies(system, owners, new(Store, SomePictures.Rule));
        _nodes.Add((system, owners));
    }

    /// <summary>The last node leaves, and hands over what it can: nothing that is in memory alone.</summary>
    public async Task LeaveAsync()
    {
        var (system, _) = _nodes[^1];
        _nodes.RemoveAt(_nodes.Count - 1);
        await Cluster.Get(system).LeaveAsync(Stop);
        await system.Terminate();
    }

    /// <summary>The last node dies, and the first one is told.</summary>
    public async Task DieAsync()
    {
        var (system, _) = _nodes[^1];
        _nodes.RemoveAt(_nodes.Count - 1);
        var address = Cluster.Get(system).SelfAddress;
        await system.Terminate();
        Cluster.Get(this[0]).Down(address);
    }

    /// <summary>All nodes die; what comes next begins with what is on disk.</summary>
    public async Task DieAllAsync()
    {
        await Task.WhenAll(_nodes.Select(node => node.System.Terminate()));
        _nodes.Clear();
    }

    /// <summary>Asks from a node whether a picture is a copy.</summary>
    public async Task<Drop?> LookAsync(int node, PictureOf picture) =>
        (await _nodes[node].Owners.Copies.AskAgain<CopyRange.LookAnswer>(new CopyRange.Look(picture.Uid, picture.Keys), AnswerTime, Stop)).Drop;

    /// <summary>Asks from a node that does not live to hear the answer.</summary>
    public void Look(int node, PictureOf picture) => _nodes[node].Owners.Copies.Tell(new CopyRange.Look(picture.Uid, picture.Keys));

    /// <summary>Confirms pictures for a commit, all in range 0.</summary>
    /// <returns>Those that are copies.</returns>
    public async Task<IReadOnlyList<CopyRange.Copy>> ConfirmIn0Async(string commit, params PictureOf[] pictures) =>
        (await _nodes[0].Owners.Copies.AskAgain<CopyRange.ConfirmAnswer>(new CopyRange.Confirm("0", commit, pictures), AnswerTime, Stop)).Copies;

    /// <summary>Confirms a picture for a commit, from a node, once.</summary>
    public Task ConfirmOnceAsync(int node, string commit, PictureOf picture, TimeSpan patience) => _nodes[node].Owners.Copies
        .Ask<CopyRange.ConfirmAnswer>(new CopyRange.Confirm(CopyTable.NameOf(picture.Keys.Home), commit, [picture]), patience, Stop);

    /// <summary>Confirms pictures for a commit, from a node.</summary>
    /// <returns>Those that are copies.</returns>
    public async Task<IReadOnlyList<CopyRange.Copy>> ConfirmAsync(int node, string commit, params PictureOf[] pictures)
    {
        var answers = await Task.WhenAll(pictures.GroupBy(picture => picture.Keys.Home).Select(home => _nodes[node].Owners.Copies
            .AskAgain<CopyRange.ConfirmAnswer>(new CopyRange.Confirm(CopyTable.NameOf(home.Key), commit, [.. home]), AnswerTime, Stop)));
        return [.. answers.SelectMany(answer => answer.Copies)];
    }

    /// <summary>Says of a commit that its shard is visible.</summary>
    public void Published(int node, string commit)
    {
        for (var range = 0; range < CopyTable.Ranges; range++)
            _nodes[node].Owners.Copies.Tell(new CopyRange.Published(CopyTable.NameOf(range), commit, []));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await DieAllAsync();
        _folder.Dispose();
    }
}
