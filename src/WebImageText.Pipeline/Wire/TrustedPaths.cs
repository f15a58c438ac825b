using System.Collections.Immutable;
using WebImageText.Pipeline.Flow;

namespace WebImageText.Pipeline.Wire;

/// <summary>
/// Akka's untrusted mode: a neighbour's message stops, watches or deploys nothing here, and reaches by path only the actors named
/// in this list. All else is reached by references that were handed out.
/// </summary>
internal static class TrustedPaths
{
    /// <summary>Actors of which the cluster has one, by name.</summary>
    public static ImmutableArray<string> Singletons { get; } = ["board", "ledger", "run"];

    /// <summary>Regions of sharded entities, by name.</summary>
    public static ImmutableArray<string> Regions { get; } = ["claims", "copies", "hosts", "frontiers", "queries"];

    /// <param name="roles">Of all nodes: sharding keeps the places of its entities by role.</param>
    public static IEnumerable<string> Of(IEnumerable<string> roles) =>
    [
        "/system/cluster/core/daemon",
        "/system/cluster/heartbeatReceiver",
        "/system/remote-watcher",
        $"/user/{Neighbours.Name}",
        .. roles.Select(role => $"/system/sharding/{role}Replicator"),
        .. Regions.SelectMany(region => new[] { $"/system/sharding/{region}Coordinator", $"/system/sharding/{region}Coordinator/singleton/coordinator" }),
        .. Singletons.SelectMany(singleton => new[] { $"/user/{singleton}", $"/user/{singleton}/singleton", $"/user/{singleton}-proxy" }),
    ];
}
