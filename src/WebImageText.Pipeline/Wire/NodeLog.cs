using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace WebImageText.Pipeline.Wire;

/// <summary>
/// Akka's log on standard error, a line an event: standard output is the program's result and nothing else.
/// </summary>
internal sealed class NodeLog : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    public NodeLog()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(IsNoNews, _ => { });
        Receive<LogEvent>(entry => Console.Error.WriteLine(Line(entry)));
    }

    // Neighbours wait ten seconds for a late heartbeat; what comes of a longer silence is told by the cluster.
    private static bool IsNoNews(LogEvent entry) => entry is Warning && entry.LogClass?.Name == "ClusterHeartbeatSender";

    private static string Line(LogEvent entry)
    {
        var level = entry.LogLevel() switch { LogLevel.ErrorLevel => "error", LogLevel.WarningLevel => "warning", _ => "note" };
        var cause = entry.Cause?.GetBaseException() is { } fault ? $": {fault.GetType().Name}: {fault.Message}" : "";
        return $"{level}: {entry.Message}{cause} [{entry.LogClass?.Name}]".ReplaceLineEndings(" ");
    }
}
