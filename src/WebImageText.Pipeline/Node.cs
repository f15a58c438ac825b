using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Pattern;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Copies;
using WebImageText.Pipeline.Flow;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Staging;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Pipeline;

/// <summary>One member of the cluster: its regions, its singletons, its own streams and staging. A list of what there is.</summary>
internal static class Node
{
    private const int Shards = 64;

    /// <summary>Starts the actor system and joins the cluster.</summary>
    public static async Task<ActorSystem> JoinAsync(NodeSettings settings, CancellationToken stop)
    {
        var system = ActorSystem.Create("wit", NodeSetup.Of(settings, Shards));
        var cluster = Cluster.Get(system);
        try
        {
            var joining = settings.Seeds.Count == 0
                ? cluster.JoinAsync(cluster.SelfAddress, stop)
                : cluster.JoinSeedNodesAsync(settings.Seeds.Select(seed => Address.Parse($"{settings.Protocol}://wit@{seed}")), stop);
            if (await Task.WhenAny(joining, system.WhenTerminated).ConfigureAwait(false) != joining)
                throw new OutOfClusterException("The node cannot join: a seed's address is answered by somebody without a certificate of this cluster.");
            await joining.ConfigureAwait(false);
            return system;
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the owners of state, the ones that others need first.</summary>
    public static void Start(
        ActorSystem system, NodeParts node, StagingFolder folder, StagingOptions staging, ShardCommit commit, CommitFiles files, CommittedPictures pictures)
    {
        var owners = node.Owners;
        owners.Ledger = Singleton(system, "ledger", Roles.Write, Props.Create(() => new Ledger(node.Options.Cap, owners, files, node.Clock)));
        StartClaims(system, owners, node.Clock);
        StartCopies(system, owners, pictures);
        owners.Hosts = Region(system, "hosts", Roles.Crawl, host => Props.Create(() => new HostEntity(host, node)));
        owners.Frontiers = Region(system, "frontiers", Roles.Crawl, name => ListEntity.IsList(name) ? Props.Create(() => new ListEntity(name, node)) : Props.Create(() => new FrontierEntity(name, node)));
        owners.Queries = Region(system, "queries", Roles.Curate, row => Props.Create(() => new QueryEntity(row, node)));
        owners.Staging = system.ActorOf(Props.Create(() => new Stager(folder, staging, owners, commit, node.Copies, node.Tally, node.Turns)), "staging");
    }

    /// <summary>Starts the run itself, once everything that it needs is there.</summary>
    public static void StartRun(ActorSystem system, NodeParts node, StagingFolder folder, TaskCompletionSource<RunEnd> end)
    {
        node.Owners.Run = Singleton(system, "run", Roles.Write, Props.Create(() => new RunCoordinator(node)));
        system.ActorOf(Props.Create(() => new NodeReporter(node, folder, end)), "reporter");
    }

    /// <summary>Starts the ranges of the uids.</summary>
    public static void StartClaims(ActorSystem system, Owners owners, TimeProvider clock) =>
        owners.Claims = Region(system, "claims", Roles.Curate, range => Props.Create(() => new ClaimRange(range, owners, clock)));

    /// <summary>Starts the ranges of the pictures, which begin to read what they hold.</summary>
    public static void StartCopies(ActorSystem system, Owners owners, CommittedPictures pictures)
    {
        var near = new NearRanges(pictures.Rule);
        owners.Copies = Region(system, "copies", Roles.Curate, range => Props.Create(() => new CopyRange(range, owners, pictures, near)));
        for (var range = 0; range < CopyTable.Ranges; range++)
            owners.Copies.Tell(new CopyRange.Wake(CopyTable.NameOf(range)));
    }

    private static IActorRef Region(ActorSystem system, string name, string role, Func<string, Props> entity)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(TrustedPaths.Regions.Contains(name), false, nameof(name));
        return Cluster.Get(system).SelfRoles.Contains(role)
            ? ClusterSharding.Get(system).Start(name, entity, ClusterShardingSettings.Create(system).WithRole(role), new EntityPlaces(Shards))
            : ClusterSharding.Get(system).StartProxy(name, role, new EntityPlaces(Shards));
    }

    /// <summary>An actor of which the cluster has one: on the oldest node of the role, restarted when it fails.</summary>
    public static IActorRef Singleton(ActorSystem system, string name, string role, Props props)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(TrustedPaths.Singletons.Contains(name), false, nameof(name));
        if (Cluster.Get(system).SelfRoles.Contains(role))
        {
            var lasting = BackoffSupervisor.Props(
                Backoff.OnStop(props, "it", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), randomFactor: 0.2, maxNrOfRetries: -1));
            system.ActorOf(ClusterSingletonManager.Props(
                lasting, PoisonPill.Instance, ClusterSingletonManagerSettings.Create(system).WithRole(role)), name);
        }
        return system.ActorOf(ClusterSingletonProxy.Props($"/user/{name}", ClusterSingletonProxySettings.Create(system).WithRole(role)), $"{name}-proxy");
    }
}
