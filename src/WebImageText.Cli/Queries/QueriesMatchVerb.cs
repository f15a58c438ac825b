using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Queries.Balance;

namespace WebImageText.Cli.Queries;

/// <summary><c>wit queries match</c>: texts in, texts with their queries out.</summary>
internal static class QueriesMatchVerb
{
    private static readonly JsonSerializerOptions Lines = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static Command Create()
    {
        var list = QueriesVerb.List();
        var prebuilt = QueriesVerb.Prebuilt();
        var skip = QueriesVerb.SkipBadRows();
        var file = new Argument<string?>("FILE") { Description = "Texts, one a line (default: standard input)", Arity = ArgumentArity.ZeroOrOne };
        var verb = new Command("match", "Find all queries in each line of text: tab-separated text and queries, with --json one JSON object a line")
        {
            list, prebuilt, skip, file,
        };
        verb.SetAction((parsed, stop) => QueriesVerb.Guarded(async () =>
        {
            var queries = QueriesVerb.Load(parsed.GetRequiredValue(list), parsed.GetValue(skip));
            var matcher = QueriesVerb.Matcher(queries, parsed.GetValue(prebuilt));
            await using var texts = parsed.GetValue(file) is { } path ? File.OpenRead(path) : Console.OpenStandardInput();
            await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false), 1 << 16) { NewLine = "\n" };
            var json = parsed.GetValue(CommonOptions.Json);
            var dirty = 0L;
            foreach (var text in CaptionFiles.Lines(texts, "texts", isTable: false, () => dirty++))
            {
                stop.ThrowIfCancellationRequested();
                await output.WriteLineAsync(json ? Json(matcher, queries, text) : Row(matcher, queries, text));
            }
            QueriesVerb.NoteDirty(dirty);
            return ExitCode.Done;
        }));
        return verb;
    }

    // A tab in the text would be taken for the end of its column.
    private static string Row(QueryMatcher matcher, QueryList queries, string text) =>
        string.Join('\t', matcher.Match(text).Select(id => queries[id.Row].Text).Prepend(text.Replace('\t', ' ')));

    private static string Json(QueryMatcher matcher, QueryList queries, string text)
    {
        List<QueryHit> hits = [];
        matcher.Match(text, hits);
        return JsonSerializer.Serialize(new
        {
            Text = text,
            Queries = hits.Select(hit => new { Id = hit.Query.Row, Query = queries[hit.Query.Row].Text, hit.Start, hit.Length }),
        }, Lines);
    }
}
