using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Pipeline;

namespace WebImageText.Cli.Run;

/// <summary><c>wit run</c>: the whole pipeline on this machine.</summary>
internal static class RunVerb
{
    public static Command Create()
    {
        var (verb, options) = CreateWithOptions();
        verb.SetAction(async (parsed, stop) =>
        {
            var settings = await options.ReadAsync(parsed, state: null, stop);
            return await RunScreen.ShowAsync(settings, member: null, parsed.GetValue(CommonOptions.Json), stop);
        });
        return verb;
    }

    /// <summary>A verb that takes the options of a run.</summary>
    public static (Command Verb, RunVerbOptions Options) CreateWithOptions(
        string name = "run", string description = "Search or crawl for image-text pairs, judge and dedup them, write WebDataset shards")
    {
        var options = new RunVerbOptions();
        var verb = new Command(name, description);
        foreach (var option in options.All)
            verb.Add(option);
        return (verb, options);
    }
}
