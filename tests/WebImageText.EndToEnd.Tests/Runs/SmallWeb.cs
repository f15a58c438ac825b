using System.Text.Json.Nodes;
using WebImageText.Shards.Rows;
using WebImageText.Tests.Hostile;
using WebImageText.Tests.OptOut;

namespace WebImageText.Tests.Runs;

/// <summary>Pictures of a harbour, the pages that show them, and two search services that know some of them: SearXNG's and Openverse's, in their form.</summary>
internal sealed class SmallWeb : IAsyncDisposable
{
    private const string Domain = "small.test";

    private readonly byte[][] _pictures;
    private readonly HostileServer _server;

    public SmallWeb(int pictures) : this([.. Enumerable.Range(0, pictures).Select(_ => HostileImages.Good())]) { }

    public SmallWeb(byte[][] pictures) => (_pictures, _server) = (pictures, new(Answer));

    public IReadOnlyList<Asked> Log => _server.Log;

    /// <summary>Numbers of the pictures that SearXNG finds; all others are found by Openverse.</summary>
    public int Searched { get; init; }

    /// <summary>Addresses and markup of the pages, each with two pictures.</summary>
    public IReadOnlyList<(string Address, string Html)> Pages =>
    [
        .. _pictures.Index().Chunk(2).Select(two => (PageAddress(two[0].Index),
            $"<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><p>Some words.{string.Concat(two.Select(one => $"<img src=\"/{one.Index}.jpg\" alt=\"{Words(one.Index)}\">"))}")),
    ];

    /// <summary>The same as Common Crawl's WAT files have it.</summary>
    public IReadOnlyList<(string Address, string Head, string Links)> WatPages =>
    [
        .. _pictures.Index().Chunk(2).Select(two => (PageAddress(two[0].Index), """{"Title":"A page"}""",
            new JsonArray([.. two.Select(one => new JsonObject { ["path"] = "IMG@/src", ["url"] = $"/{one.Index}.jpg", ["alt"] = Words(one.Index) })]).ToJsonString())),
    ];

    public string SearxngUrl => $"http://search.{Domain}/search";

    public string OpenverseUrl => $"http://openverse.{Domain}/v1/images/";

    private static string Words(int n) => $"a photograph of the old harbour with the boat of number {n}";

    // Two pages a site.
    private static string PageAddress(int picture) => $"http://site{picture / 4}.{Domain}/page{picture / 2}";

    private static string PictureAddress(int picture) => $"http://site{picture / 4}.{Domain}/{picture}.jpg";

    /// <summary>The words of a run on this web.</summary>
    public string[] Run(string folder, string output, params string[] more)
    {
        var queries = Path.Combine(folder, "queries.txt");
        File.WriteAllText(queries, "harbour\n");
        return
        [
            "run", "--queries", queries, "--out", Path.Combine(folder, output), "--host-delay", "10ms", "--depth", "0", "--allow-network", $"{HostileServer.Address}/32",
            "--resolve", $"*.{Domain}={HostileServer.Address}:{_server.Port}", .. more,
        ];
    }

    /// <summary>Uids of the pairs in the shards.</summary>
    public static async Task<HashSet<string>> UidsAsync(string folder, string output)
    {
        HashSet<string> uids = [];
        foreach (var path in Directory.EnumerateFiles(Path.Combine(folder, output, "shards"), "*.parquet"))
        {
            await using var file = File.OpenRead(path);
            await foreach (var batch in ParquetTable.ReadAsync(file, path, stop: TestContext.Current.CancellationToken))
                for (var at = 0; at < batch.Count; at++)
                    Assert.True(uids.Add(batch.Text("uid", at)!));
        }
        return uids;
    }

    private Answer Answer(Asked asked)
    {
        var at = WebAddress.Parse($"http://{asked.Host}{asked.Target}");
        return asked.Host switch
        {
            $"search.{Domain}" => Json(new() { ["results"] = Results(at, 0, Searched, n => new() { ["img_src"] = PictureAddress(n), ["url"] = PageAddress(n), ["title"] = Words(n), ["template"] = "images.html" }) }),
            $"openverse.{Domain}" => Json(new() { ["page_count"] = 1, ["results"] = Results(at, Searched, _pictures.Length, n => new() { ["url"] = PictureAddress(n), ["foreign_landing_url"] = PageAddress(n), ["title"] = Words(n) }) }),
            _ when asked.Target.EndsWith(".jpg", StringComparison.Ordinal) && int.TryParse(asked.Target[1..^4], out var picture) && picture < _pictures.Length => Wire.File(_pictures[picture]),
            _ => Pages.FirstOrDefault(page => page.Address == at.Href).Html is { } html ? Wire.Page(html) : Wire.Status(404),
        };
    }

    // One page of results, and then none.
    private static JsonArray Results(WebAddress asked, int from, int to, Func<int, JsonObject> result) =>
        asked.Query?.Contains("pageno=1", StringComparison.Ordinal) == false && asked.Query.Contains("pageno", StringComparison.Ordinal) ? [] : [.. Enumerable.Range(from, to - from).Select(result)];

    private static Answer Json(JsonObject json) => OptOutSite.Text(json.ToJsonString());

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
