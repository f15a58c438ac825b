using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WebImageText.Cli.Report;
using WebImageText.Cli.Terminal;
using WebImageText.Shards;
using WebImageText.Shards.Rows;
using WebImageText.Shards.Stores;

namespace WebImageText.Cli.Shards;

/// <summary><c>wit shards head</c>: a look at samples, in the terminal or on a page.</summary>
internal static class HeadVerb
{
    public static Command Create()
    {
        var (dataSet, select) = (ShardsVerb.DataSet(), new SelectOptions());
        var count = new Option<int>("--count", "-n") { Description = $"Samples to show; a page shows {SheetWriter.MostExamples} at most", HelpName = "N", DefaultValueFactory = _ => 10 };
        var page = new Option<DirectoryInfo?>("--page") { Description = "Write a page with the pictures into this folder", HelpName = "DIR" };
        var verb = new Command("head", "Show samples of a data set: the first ones, or those that are selected") { dataSet, count, page };
        foreach (var option in select.All)
            verb.Add(option);
        verb.SetAction(async (parsed, stop) =>
        {
            var store = DataSetPlace.Open(parsed.GetRequiredValue(dataSet));
            var samples = await ReadAsync(store, select.Read(parsed), Math.Clamp(parsed.GetValue(count), 1, 10_000), stop);
            if (samples.Count == 0)
                throw UserErrorException.BadData($"No sample in {store.Location} is selected.");
            var written = parsed.GetValue(page) is { } folder ? await SheetWriter.WriteAsync(Sheet(store, samples), folder.FullName, stop) : null;
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { Page = written, Samples = samples.Select(sample => JsonDocument.Parse(sample.Json).RootElement) });
            else if (written is not null)
                Screen.Out.WriteLine(written);
            else
                Print(samples);
            return ExitCode.Done;
        });
        return verb;
    }

    private sealed record Shown(PairRow Row, ReadOnlyMemory<byte> Image, ReadOnlyMemory<byte> Json);

    private static async Task<List<Shown>> ReadAsync(IShardStore store, WebImageText.Shards.Select.PairSelection selection, int count, CancellationToken stop)
    {
        var (reader, shown) = (new ShardReader(store), new List<Shown>());
        try
        {
            await foreach (var stem in reader.ShardsAsync(stop))
            {
                var rows = new Dictionary<string, PairRow>();
                await foreach (var row in reader.RowsAsync(stem, null, stop))
                    if (row.Key is { } key && rows.Count < count - shown.Count && selection.Has(row))
                        rows[key] = row;
                if (rows.Count == 0)
                    continue;
                await foreach (var sample in reader.SamplesAsync(stem, stop))
                {
                    if (rows.Remove(sample.Key, out var row))
                        shown.Add(new(row, sample.Image ?? default, sample.Json ?? "{}"u8.ToArray()));
                    if (rows.Count == 0)
                        break;
                }
                if (shown.Count >= count)
                    break;
            }
            return shown;
        }
        catch (ShardFormatException broken)
        {
            throw UserErrorException.BadData(broken.Message);
        }
    }

    private static ContactSheet Sheet(IShardStore store, List<Shown> samples) => new(
        "Samples", $"Of the data set in {store.Location}.", [], new(samples.Count,
        [
            .. samples.Select(sample => new SheetPicture(sample.Image, sample.Row.Caption, sample.Row.Query, sample.Row.Url, Detail(sample.Row))),
        ]), new Dictionary<DropReason, SheetSection>());

    private static string Detail(PairRow row) => $"{row.Key} · {row.Width}×{row.Height} px of {row.OriginalWidth}×{row.OriginalHeight}" + (row.License is { } license ? $" · {license}" : "");

    private static void Print(List<Shown> samples)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("key", "pixels", "query", "caption", "address");
        foreach (var (row, image, _) in samples)
            table.AddRow([.. new[] { row.Key ?? "", $"{row.Width}x{row.Height}, {image.Length / 1000.0:F0} kB", row.Query ?? "", row.Caption ?? "", row.Url ?? "" }
                .Select(text => Markup.Escape(Screen.Printable(text)))]);
        Screen.Out.Write(table);
    }
}
