using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Shards;
using WebImageText.Shards.Repack;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards repack</c>: a data set anew, with full shards, in another order, or a part of it.</summary>
internal static class RepackVerb
{
    public static Command Create()
    {
        var (dataSet, select) = (ShardsVerb.DataSet(), new SelectOptions());
        var output = new Option<string>("--out") { Description = "Folder or az://container/prefix of the new data set", HelpName = "DIR", Required = true };
        var size = new Option<int>("--shard-size") { Description = "Pairs in a shard; the last one may have fewer", HelpName = "N", DefaultValueFactory = _ => 10_000 };
        var seed = new Option<ulong?>("--seed") { Description = "Shuffle all pairs by this seed; without it they keep their order", HelpName = "N" };
        var most = new Option<long?>("--pairs") { Description = "Pairs at most: with a seed, a random sample", HelpName = "N" };
        var scratch = new Option<string>("--scratch")
        {
            Description = "Folder for a shuffle's temporary files, which take the room of the samples",
            HelpName = "DIR",
            DefaultValueFactory = _ => Path.GetTempPath(),
        };
        var verb = new Command("repack", "Write a data set anew: shards of an exact size, a global shuffle, a subset") { dataSet, output, size, seed, most, scratch };
        foreach (var option in select.All)
            verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(size) is < 1 or > 1_000_000)
                throw UserErrorException.Usage($"--shard-size is 1-1000000, and is {parsed.GetValue(size)}.");
            var options = new RepackOptions
            {
                ShardSize = parsed.GetValue(size),
                Seed = parsed.GetValue(seed),
                MostPairs = parsed.GetValue(most),
                Select = select.Read(parsed),
                Scratch = parsed.GetRequiredValue(scratch),
            };
            var report = await RunAsync(DataSetPlace.Open(parsed.GetRequiredValue(dataSet)), DataSetPlace.Open(parsed.GetRequiredValue(output)), options, stop);
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(report);
            else
                Screen.Out.WriteLine($"{report.Pairs:N0} of {report.Of:N0} pairs in {report.Shards:N0} shards of {options.ShardSize:N0} in {parsed.GetValue(output)}");
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>Repacks under a progress display.</summary>
    public static Task<RepackReport> RunAsync(IShardStore from, IShardStore to, RepackOptions options, CancellationToken stop) =>
        WorkProgress.RunAsync("Repacking", async report =>
        {
            try
            {
                return await new Repacker(from, to, options).RunAsync(
                    new Listener(state => report(new(state.Shards, state.Of, $"{state.Shards:N0} shards {state.Step}"))), stop);
            }
            catch (Exception wrong) when (wrong is InvalidOperationException or ShardFormatException or AlreadyPublishedException)
            {
                throw UserErrorException.BadData(wrong.Message);
            }
        });

    private sealed class Listener(Action<RepackProgress> tell) : IProgress<RepackProgress>
    {
        public void Report(RepackProgress value) => tell(value);
    }
}
