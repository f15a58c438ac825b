using System.CommandLine;
using WebImageText.Cli.Run;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Cluster;

/// <summary><c>wit submit</c>: tells a cluster what to run.</summary>
internal static class SubmitVerb
{
    public static Command Create()
    {
        var node = new NodeOptions();
        var (verb, options) = RunVerb.CreateWithOptions("submit", "Tell a cluster what to run: the options of 'wit run', with paths that every node can read");
        foreach (var option in node.ToJoin)
            verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            await options.ReadAsync(parsed, Path.GetTempPath(), stop);
            var words = options.Words(parsed);
            await using var client = ClusterClient.Start(node.Certificates(parsed));
            switch (await client.SubmitAsync(node.Seeds(parsed), words, stop))
            {
                case null:
                    throw UserErrorException.Usage($"No node of the cluster answers at {string.Join(", ", node.Seeds(parsed))}.");
                case { } other when !other.SequenceEqual(words):
                    throw UserErrorException.Usage($"The cluster makes another data set already: {string.Join(' ', other)}");
                default:
                    Screen.Note("submitted");
                    if (parsed.GetValue(CommonOptions.Json))
                        Screen.Result(new { Submitted = words });
                    return ExitCode.Done;
            }
        });
        return verb;
    }
}
