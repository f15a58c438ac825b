using System.CommandLine;
using Spectre.Console;
using WebImageText.Cli.Terminal;
using WebImageText.Shards;
using WebImageText.Shards.Export;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Repack;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards export</c>: a data set in the form that another program expects.</summary>
internal static class ExportShardsVerb
{
    private const string Datacomp = "datacomp";

    public static Command Create()
    {
        var dataSet = ShardsVerb.DataSet();
        var profile = new Option<string>("--profile")
        {
            Description = "metaclip (N%100/N.tar of uid.json and uid.jpeg), datacomp (shards of 8 digits), files (three files a sample), parquet (images in a column)",
            HelpName = "NAME",
            Required = true,
        }.AcceptOnlyFromAmong([Datacomp, .. Enum.GetNames<ExportProfile>().Select(name => name.ToLowerInvariant())]);
        var output = new Option<string>("--out") { Description = "Where it goes: a folder or az://container/prefix; files want a folder", HelpName = "DIR", Required = true };
        var verb = new Command("export", "Write a data set in the form of MetaCLIP, DataComp, or img2dataset's files and parquet") { dataSet, profile, output };
        verb.SetAction(async (parsed, stop) =>
        {
            var (from, to) = (DataSetPlace.Open(parsed.GetRequiredValue(dataSet)), DataSetPlace.Open(parsed.GetRequiredValue(output)));
            var (shards, samples) = parsed.GetRequiredValue(profile) == Datacomp
                ? await DatacompAsync(from, to, stop)
                : await RunAsync(from, to, Enum.Parse<ExportProfile>(parsed.GetRequiredValue(profile), ignoreCase: true), stop);
            if (shards == 0)
                throw UserErrorException.BadData($"There is no committed shard in {from.Location}.");
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { Shards = shards, Samples = samples });
            else
                Screen.Out.WriteLine($"{samples:N0} samples of {shards:N0} shards in {to.Location}");
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<(int Shards, long Samples)> DatacompAsync(IShardStore from, IShardStore to, CancellationToken stop)
    {
        var size = (await new DataSetManifest(from).ReadHeadAsync(stop))?.ShardSize ?? 10_000;
        var report = await RepackVerb.RunAsync(from, to, new RepackOptions { ShardSize = size, ShardWidth = 8 }, stop);
        return (report.Shards, report.Pairs);
    }

    private static Task<(int Shards, long Samples)> RunAsync(IShardStore from, IShardStore to, ExportProfile profile, CancellationToken stop) =>
        WorkProgress.RunAsync("Exporting", async report =>
        {
            try
            {
                return await new DataSetExport(from, to).RunAsync(profile, new Listener(state => report(new(state.Done, state.Of, $"{state.Done:N0} shards"))), stop);
            }
            catch (NotSupportedException wrong)
            {
                throw UserErrorException.Usage(wrong.Message);
            }
            catch (ShardFormatException wrong)
            {
                throw UserErrorException.BadData(wrong.Message);
            }
        });

    private sealed class Listener(Action<(int Done, int Of)> tell) : IProgress<(int Done, int Of)>
    {
        public void Report((int Done, int Of) value) => tell(value);
    }
}
