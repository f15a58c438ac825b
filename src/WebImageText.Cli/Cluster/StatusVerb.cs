using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Cluster;

/// <summary><c>wit status</c>: how a cluster gets on.</summary>
internal static class StatusVerb
{
    private static readonly string[] Figures = ["kept", "dropped", "requests", "MB", "staged"];

    public static Command Create()
    {
        var node = new NodeOptions();
        var verb = new Command("status", "Show the nodes of a cluster and what they have done");
        foreach (var option in node.ToJoin)
            verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            await using var client = ClusterClient.Start(node.Certificates(parsed));
            var state = await client.StateAsync(node.Seeds(parsed), stop)
                ?? throw UserErrorException.Usage($"No run answers at {string.Join(", ", node.Seeds(parsed))}: the cluster is not there, or nothing was submitted.");
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(ForJson(state));
            else
                Print(state);
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>The state as scripts read it.</summary>
    public static object ForJson(ClusterState state) => new
    {
        Run = state.Run,
        state.Busy,
        state.Open,
        Nodes = state.Nodes.Select(one => new
        {
            one.Node,
            one.Address,
            one.Roles,
            one.Counts.Kept,
            Dropped = one.Counts.Dropped.ToDictionary(entry => entry.Key.Word(), entry => entry.Value),
            one.Counts.Requests,
            one.Counts.Bytes,
            one.Staged,
        }),
    };

    private static void Print(ClusterState state)
    {
        var table = new Table().RoundedBorder()
            .AddColumns("node", "address", "roles").AddColumns([.. Figures.Select(name => new TableColumn(name).RightAligned())]);
        foreach (var node in state.Nodes)
        {
            table.AddRow(
                Markup.Escape(node.Node), Markup.Escape(node.Address), string.Join(' ', node.Roles), $"{node.Counts.Kept:N0}",
                $"{node.Counts.Dropped.Values.Sum():N0}", $"{node.Counts.Requests:N0}", $"{node.Counts.Bytes / 1e6:N1}", $"{node.Staged:N0}");
        }
        Screen.Out.Write(table);
        Screen.Out.WriteLine($"{state.Run}: {state.Busy:N0} queries and hosts at work, {state.Open:N0} not settled");
    }
}
