using System.CommandLine;
using WebImageText.Cli.Run;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Cluster;

/// <summary><c>wit node</c>: this machine as a member of a cluster.</summary>
internal static class NodeVerb
{
    public static Command Create()
    {
        var node = new NodeOptions();
        var state = new Option<DirectoryInfo>("--state")
        {
            Description = "Folder for this node's staging; a node that comes back must find its own",
            HelpName = "DIR",
            Required = true,
        };
        var journal = new Option<string>("--journal")
        {
            Description = "PostgreSQL that all nodes share: 'Host=...;Username=...;Password=...;Database=...'. Better in WIT_JOURNAL than on a command line",
            HelpName = "CONNECTION",
            Required = true,
        };
        var status = new Option<int?>("--status-port")
        {
            Description = "Port of a read-only status page on loopback; 0 takes a free one, none by default",
            HelpName = "PORT",
        };
        var verb = new Command("node", "Join a cluster, wait for 'wit submit', do this node's part, and end with the data set") { state, journal, status };
        foreach (var option in node.ToServe)
            verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            var folder = parsed.GetRequiredValue(state).FullName;
            Directory.CreateDirectory(folder);
            var settings = node.Read(parsed, parsed.GetRequiredValue(journal));
            Screen.Note($"joining by {string.Join(", ", settings.Seeds)}");
            try
            {
                await using var member = await ClusterMember.JoinAsync(settings, stop);
                Screen.Note($"{member.Address} is up as {string.Join(", ", settings.Roles)}; waiting for a run");
                var words = await member.SubmissionAsync(stop);
                var run = await ReadAsync(words, folder, stop);
                await using var page = parsed.GetValue(status) is { } port ? await StatusPage.StartAsync(member, port, stop) : null;
                return await RunScreen.ShowAsync(run, member, parsed.GetValue(CommonOptions.Json), stop);
            }
            catch (OutOfClusterException lost)
            {
                throw new UserErrorException(ExitCode.Failed, lost.Message);
            }
        });
        return verb;
    }

    private static async Task<PipelineSettings> ReadAsync(IReadOnlyList<string> words, string state, CancellationToken stop)
    {
        var (verb, options) = RunVerb.CreateWithOptions();
        var parsed = verb.Parse([.. words]);
        return parsed.Errors.Count == 0
            ? await options.ReadAsync(parsed, state, stop)
            : throw UserErrorException.Usage($"The submitted run does not fit this version: {parsed.Errors[0].Message}");
    }
}
