using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Dedup.Review;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Dedup;

/// <summary><c>wit dedup review</c>: a person looks at pairs, side by side, and says which show one photograph.</summary>
internal static class ReviewVerb
{
    private const int Side = 720;

    public static Command Create()
    {
        var pairs = new Argument<string>("PAIRS") { Description = "Pairs as 'wit dedup scan --out' or 'wit audit overlap' writes them (CSV)" };
        var sets = DedupVerb.EvaluationSets("Images of a set");
        sets.Required = true;
        var data = new Option<string?>("--data") { Description = "Data set that holds the crawl's pictures", HelpName = "DIR", Required = true };
        var verdicts = new Option<FileInfo>("--verdicts") { Description = "Where verdicts are saved, after every key", HelpName = "F.json", Required = true };
        var port = new Option<int>("--port") { Description = "Port on 127.0.0.1; 0 takes a free one", HelpName = "N", DefaultValueFactory = _ => 0 };
        var most = new Option<int>("--top") { Description = "Pairs that are shown, the most alike first", HelpName = "N", DefaultValueFactory = _ => 500 };
        var verb = new Command("review", "Look at pairs side by side in a browser and save verdicts, by keyboard") { pairs, sets, data, verdicts, port, most };
        verb.SetGuardedAction(async (parsed, stop) =>
        {
            var shown = AlikePair.Read(parsed.GetRequiredValue(pairs)).OrderByDescending(pair => pair.Score).Take(parsed.GetValue(most)).ToArray();
            if (shown.Length == 0)
                throw UserErrorException.BadData($"'{parsed.GetValue(pairs)}' has no pairs: scan with a lower --floor.");
            var saved = Verdicts.Open(parsed.GetRequiredValue(verdicts).FullName);
            var pictures = await PairPictures.LoadAsync(
                shown, [.. parsed.GetRequiredValue(sets).Select(DedupVerb.Named)], parsed.GetValue(data), Side, stop);
            await using var server = await ReviewServer.StartAsync(shown, pictures, saved, parsed.GetValue(port), stop);
            Screen.Out.WriteLine($"{shown.Length:N0} pairs at {server.Address} until Ctrl-C");
            try
            {
                await Task.Delay(Timeout.Infinite, stop);
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C is how a review ends.
            }
            Screen.Note($"{saved.All.Count:N0} verdicts in '{parsed.GetRequiredValue(verdicts)}'");
            return ExitCode.Done;
        });
        return verb;
    }
}
