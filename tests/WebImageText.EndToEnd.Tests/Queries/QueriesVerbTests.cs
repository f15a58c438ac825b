using System.Text.Json;
using WebImageText.Tests.Runs;

namespace WebImageText.Tests.Queries;

/// <summary>A list from a dump, its queries in texts, their counts, and what a cap keeps, on the command line.</summary>
[Collection(OneAtATime.Name)]
public sealed class QueriesVerbTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wit-queries").FullName;

    [Fact]
    public async Task A_dump_becomes_a_list_that_texts_are_matched_and_balanced_by()
    {
        Write("dump.xml", "<mediawiki><page><title>Dogs</title><ns>0</ns><revision><text>A '''dog''' and a hot dog. The [[hot dog|hot dog]]!</text></revision></page></mediawiki>");
        Write("blocked.txt", "a\nand\nhot\n");
        Write("texts.txt", "Hot-dog stand\tnew\nA cat/dog\nnothing\n");

        var (code, explained, _) = await WitProcess.RunAsync("queries", "build", "--wikipedia", At("dump.xml"), "--min-count", "2", "--min-pmi", "1",
            "--block", At("blocked.txt"), "--explain", "hot dog", "--out", At("q.tsv"));
        Assert.Equal(0, code);
        Assert.StartsWith("'hot dog': in, at rank 2, as wiki_pair.", explained, StringComparison.Ordinal);
        Assert.Equal(["dog\twiki_word\t3\t\t\t1", "hot dog\twiki_pair\t2\t1.948\t\t2"], await File.ReadAllLinesAsync(At("q.tsv"), Stop));

        var (_, rows, _) = await WitProcess.RunAsync("queries", "match", "--queries", At("q.tsv"), "--prebuilt", At("q.matcher"), At("texts.txt"));
        var (_, again, _) = await WitProcess.RunAsync("queries", "match", "--queries", At("q.tsv"), "--prebuilt", At("q.matcher"), At("texts.txt"));
        Assert.Equal("Hot-dog stand new\tdog\thot dog\nA cat/dog\tdog\nnothing\n", rows);
        Assert.Equal(rows, again); // the second time from the prebuilt file
        var (_, lines, _) = await WitProcess.RunAsync("queries", "match", "--queries", At("q.tsv"), "--json", At("texts.txt"));
        using var first = JsonDocument.Parse(lines[..lines.IndexOf('\n', StringComparison.Ordinal)]);
        Assert.Equal("""[{"id":1,"query":"hot dog","start":0,"length":7},{"id":0,"query":"dog","start":4,"length":3}]""", first.RootElement.GetProperty("queries").GetRawText());

        var count = await WitProcess.JsonAsync(0, "queries", "count", "--queries", At("q.tsv"), "--texts", At("texts.txt"), "--out", At("counts.tsv"));
        Assert.Equal(3, count.GetProperty("matches").GetInt32());
        Assert.Equal(["dog\t2", "hot dog\t1"], await File.ReadAllLinesAsync(At("counts.tsv"), Stop));

        var plan = await WitProcess.JsonAsync(0, "queries", "plan", "--counts", At("counts.tsv"), "--cap", "1", "--chart", At("plan.svg"));
        Assert.Equal(1, plan.GetProperty("queries_over_cap").GetInt32());
        Assert.Equal(2, plan.GetProperty("hard_cap_kept").GetInt32());
        Assert.Equal(2, plan.GetProperty("metaclip_kept").GetDouble(), precision: 0);
        Assert.Contains("cap 1", await File.ReadAllTextAsync(At("plan.svg"), Stop), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><title>404</title>", "byte 0")]
    [InlineData("<mediawiki><page><title>Dogs", "it is cut")]
    public async Task What_is_no_whole_dump_ends_with_3_and_the_byte(string content, string message)
    {
        Write("dump.xml", content);

        var (code, output, errors) = await WitProcess.RunAsync("queries", "build", "--wikipedia", At("dump.xml"), "--out", At("q.tsv"));

        Assert.Equal(3, code);
        Assert.Empty(output);
        Assert.Contains(message, errors, StringComparison.Ordinal);
        Assert.Contains(At("dump.xml"), errors, StringComparison.Ordinal);
        Assert.False(File.Exists(At("q.tsv")));
    }

    [Fact]
    public async Task A_list_with_bad_rows_is_refused_or_read_without_them()
    {
        Write("q.tsv", "dog\n\ndog\ncat\n");

        var (refused, _, errors) = await WitProcess.RunAsync("queries", "stats", At("q.tsv"));
        var stats = await WitProcess.JsonAsync(0, "queries", "stats", At("q.tsv"), "--skip-bad-rows");

        Assert.Equal(3, refused);
        Assert.Contains("line 2: the row is empty", errors, StringComparison.Ordinal);
        Assert.Equal(2, stats.GetProperty("queries").GetInt32());
    }

    [Fact]
    public async Task Ctrl_C_stops_a_build_and_the_same_command_ends_it()
    {
        var page = $"<page><title>T</title><ns>0</ns><revision><text>{string.Concat(Enumerable.Range(0, 150_000).Select(at => $"w{at % 1000} v{at * 7919L % 60_000} "))}</text></revision></page>";
        Write("dump.xml", $"<mediawiki>{string.Concat(Enumerable.Repeat(page, 60))}</mediawiki>");
        string[] build = ["queries", "build", "--wikipedia", At("dump.xml"), "--min-count", "9000", "--min-pmi", "0", "--out", At("q.tsv")];

        using var wit = WitProcess.Start(build);
        await wit.UntilAsync(() => Directory.Exists(At("q.tsv.counts")));
        wit.Interrupt();
        var (code, _, errors) = await wit.EndAsync();
        Assert.True(code == 4, $"ended with {code}: {errors}");
        Assert.False(File.Exists(At("q.tsv")));
        Assert.True(File.Exists(At("q.tsv.counts/counts.json")));

        var result = await WitProcess.JsonAsync(0, build);
        Assert.Equal(60, result.GetProperty("articles").GetInt32());
        Assert.Equal(60 * 300_000, result.GetProperty("words").GetInt32());
        Assert.Equal("w0\twiki_word\t9000\t\t\t1", (await File.ReadAllLinesAsync(At("q.tsv"), Stop))[0]);
        Assert.False(Directory.Exists(At("q.tsv.counts")));
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private string At(string name) => Path.Combine(_folder, name);

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
