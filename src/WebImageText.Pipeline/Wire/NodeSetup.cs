using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.DistributedData;
using Akka.Remote.Transport.DotNetty;

namespace WebImageText.Pipeline.Wire;

/// <summary>How Akka is set up on a node.</summary>
internal static class NodeSetup
{
    /// <param name="node">How the node takes part.</param>
    /// <param name="shards">Shards of each region.</param>
    public static ActorSystemSetup Of(NodeSettings node, int shards) => With(Hocon(node, shards), node);

    /// <summary>For a process that asks a cluster and is no member of it.</summary>
    public static ActorSystemSetup OfClient(NodeSettings client) =>
        With(ConfigurationFactory.ParseString("akka.actor.provider = remote").WithFallback(Hocon(client, 1)), client);

    private static ActorSystemSetup With(Config config, NodeSettings node)
    {
        var setup = BootstrapSetup.Create().WithConfig(config);
        return node.Certificates is { } certificates
            ? setup.And(new DotNettySslSetup(
                certificates.Node, suppressValidation: false, requireMutualAuthentication: true, validateCertificateHostname: false,
                customValidator: (certificate, _, _, _, _) => certificates.Trusts(certificate)))
            : ActorSystemSetup.Create(setup);
    }

    private static string Bindings(IEnumerable<Type> types, string serializer) =>
        string.Join('\n', types.Select(type => $"\"{type.FullName}, {type.Assembly.GetName().Name}\" = {serializer}"));

    private static string Quoted(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static Config Hocon(NodeSettings node, int shards)
    {
        var connection = Quoted(node.IsPostgres ? node.Journal : $"Data Source={node.Journal}");
        var provider = node.IsPostgres ? "PostgreSQL.15" : "SQLite.MS";
        return ConfigurationFactory.ParseString($$"""
            akka {
              loglevel = WARNING
              loggers = ["{{typeof(NodeLog).AssemblyQualifiedName}}"]
              stdout-loglevel = OFF
              log-config-on-start = off
              log-dead-letters = off
              log-dead-letters-during-shutdown = off
              # A signal is this program's to answer: it makes everything durable before the system ends.
              coordinated-shutdown.run-by-clr-shutdown-hook = off
              actor {
                provider = cluster
                serializers {
                  wit-events = "{{typeof(EventSerializer).AssemblyQualifiedName}}"
                  wit-wire = "{{typeof(WireSerializer).AssemblyQualifiedName}}"
                  akka-misc = "{{typeof(TakenMessages).AssemblyQualifiedName}}"
                  akka-system-msg = "{{typeof(TakenSystemMessages).AssemblyQualifiedName}}"
                  json = "{{typeof(RefusingSerializer).AssemblyQualifiedName}}"
                }
                serialization-bindings {
                  {{Bindings(EventSerializer.Types, "wit-events")}}
                  {{Bindings(WireSerializer.Types, "wit-wire")}}
                }
              }
              remote.untrusted-mode = on
              remote.trusted-selection-paths = [{{string.Join(", ", TrustedPaths.Of(Roles.All).Select(Quoted))}}]
              remote.dot-netty.tcp {
                hostname = {{Quoted(node.Host)}}
                port = {{node.Port}}
                enable-ssl = {{(node.Certificates is null ? "off" : "on")}}
                maximum-frame-size = 8 MiB
                send-buffer-size = 8 MiB
                receive-buffer-size = 8 MiB
              }
              cluster {
                min-nr-of-members = 1
                roles = [{{string.Join(", ", node.Roles)}}]
                downing-provider-class = "Akka.Cluster.SBR.SplitBrainResolverProvider, Akka.Cluster"
                split-brain-resolver { active-strategy = keep-majority, stable-after = 10s }
                # A node that waits for its disk or its neighbours is not dead at once.
                failure-detector.acceptable-heartbeat-pause = 10s
                gossip-interval = 200ms
                leader-actions-interval = 200ms
                run-coordinated-shutdown-when-down = off
                sharding {
                  number-of-shards = {{shards}}
                  state-store-mode = ddata
                  remember-entities = off
                  # Entities say themselves when they are idle: one that waits for a slow host is not.
                  passivate-idle-entity-after = off
                  retry-interval = 1s
                  verbose-debug-logging = off
                  distributed-data { durable.keys = [] }
                }
                distributed-data { durable.keys = [] }
                singleton.hand-over-retry-interval = 200ms
                singleton-proxy { singleton-identification-interval = 200ms, log-singleton-identification-failure = false, buffer-size = 10000 }
              }
              persistence {
                journal {
                  plugin = "akka.persistence.journal.sql"
                  sql {
                    class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                    connection-string = {{connection}}
                    provider-name = "{{provider}}"
                    auto-initialize = on
                  }
                }
                snapshot-store {
                  plugin = "akka.persistence.snapshot-store.sql"
                  sql {
                    class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                    connection-string = {{connection}}
                    provider-name = "{{provider}}"
                    auto-initialize = on
                  }
                }
              }
            }
            """)
            .WithFallback(Akka.Persistence.Sql.SqlPersistence.DefaultConfiguration)
            .WithFallback(ClusterSharding.DefaultConfig())
            .WithFallback(ClusterSingleton.DefaultConfig())
            .WithFallback(DistributedData.DefaultConfig());
    }
}
