using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Shards;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Takedown;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards takedown</c>: takes pairs out of a data set for good.</summary>
internal static class TakedownVerb
{
    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var list = new Option<FileInfo?>("--list")
        {
            Description = "File of what is to go, one a line: 'host NAME', 'address URL', 'sha256 DIGITS', 'pdq DIGITS [BITS]', 'uid DIGITS'",
            HelpName = "F",
        };
        var entries = new Option<string[]>("--entry")
        {
            Description = "One such line (repeatable)",
            HelpName = "LINE",
        };
        var note = new Option<string?>("--note")
        {
            Description = "Why, for people; stands in the signed diff",
            HelpName = "TEXT",
        };
        var key = new Option<string>("--key")
        {
            Description = "Private key that signs the diff, PEM; made where it is not there",
            HelpName = "F",
            DefaultValueFactory = _ => SigningKey.UsualPath,
        };
        var look = new Option<bool>("--dry-run")
        {
            Description = "Say what would go, and change nothing",
        };
        var verb = new Command("takedown", "Take pairs out by address, host, hash, look or uid; without any, finish a takedown that was cut off")
        {
            dataSet, list, entries, note, key, look,
        };
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(look) && parsed.GetValue(list) is null && parsed.GetValue(entries) is null or [])
                throw UserErrorException.Usage("Nothing is named. Give --list or --entry.");
            var what = Read(parsed.GetValue(list), parsed.GetValue(entries) ?? []);
            var report = await RunAsync(DataSetPlace.Open(parsed.GetRequiredValue(dataSet)), what, parsed.GetValue(note), parsed.GetRequiredValue(key), parsed.GetValue(look), stop);
            if (report is { Searched: 0, Id: null })
                throw UserErrorException.BadData($"There is no committed shard in {parsed.GetRequiredValue(dataSet)}.");
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(report);
            else
                Screen.Out.WriteLine(report.Id is null
                    ? $"{report.Pairs:N0} pairs in {report.Shards:N0} of {report.Searched:N0} shards would go"
                    : $"{report.Pairs:N0} pairs are gone from {report.Shards:N0} shards; signed: {report.Diff}");
            return ExitCode.Done;
        });
        return verb;
    }

    private static Task<TakedownReport> RunAsync(IShardStore store, TakedownList list, string? note, string keyPath, bool look, CancellationToken stop) =>
        WorkProgress.RunAsync("Taking down", async report =>
        {
            try
            {
                using var key = SigningKey.Open(keyPath);
                var takedowns = new Takedowns(store, key, TimeProvider.System);
                var listener = new Listener(state => report(new(state.Shards, state.Of, $"{state.Shards:N0} shards {state.Step}")));
                return look ? await takedowns.LookAsync(list, listener, stop)
                    : list.Count > 0 ? await takedowns.RunAsync(list, note, null, listener, stop)
                    : await takedowns.ResumeAsync(listener, stop)
                        ?? throw UserErrorException.Usage("Nothing is named, and no takedown was cut off here. Give --list or --entry.");
            }
            catch (Exception wrong) when (wrong is FormatException or InvalidOperationException or AlreadyPublishedException or ShardFormatException)
            {
                throw UserErrorException.BadData(wrong.Message);
            }
        });

    private static TakedownList Read(FileInfo? file, string[] entries)
    {
        if (file is { Exists: false })
            throw UserErrorException.Usage($"The list '{file}' does not exist.");
        try
        {
            return TakedownList.Parse(entries.Concat(file is null ? [] : File.ReadLines(file.FullName)));
        }
        catch (FormatException wrong)
        {
            throw UserErrorException.BadData($"{(file is null ? "--entry" : $"'{file}'")}, {wrong.Message}");
        }
    }

    private sealed class Listener(Action<TakedownProgress> tell) : IProgress<TakedownProgress>
    {
        public void Report(TakedownProgress value) => tell(value);
    }
}
