using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Runs;

/// <summary>Twenty hosts with real photographs, served on loopback, and the right answer to a crawl of them.</summary>
internal sealed class PhotoWeb : IAsyncDisposable
{
    private readonly Process _server;

    private PhotoWeb(Process server, int port) => (_server, Port) = (server, port);

    public int Port { get; }

    private static string Folder => SharedData.Require("photo-web");

    public static string Queries => Path.Combine(Folder, "queries.tsv");

    public static string SearchUrl => "http://search.photoweb.test/search";

    /// <summary>The words of a run that searches.</summary>
    public static string[] Search => ["--provider", "searxng", "--searxng-url", SearchUrl];

    /// <summary>The words of a run that goes from page to page.</summary>
    public static string[] Pages => ["--provider", "pages", "--pages", Seeds];

    public static string Seeds => Path.Combine(Folder, "seeds.txt");

    /// <summary>The shipped detector, as it lies beside the program.</summary>
    public static string Detector => Path.Combine(AppContext.BaseDirectory, "models", "detector", "detector.onnx");

    /// <summary>A request as the server saw it.</summary>
    internal sealed record Request(double T, string Host, string Path, string Query, string Agent);

    public static async Task<PhotoWeb> StartAsync()
    {
        Tools.Require("python3");
        var server = Process.Start(new ProcessStartInfo("python3", [Path.Combine(Folder, "serve.py"), "--port", "0", "--seconds", "1200"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true, // a trace for every client that was killed
        })!;
        server.BeginErrorReadLine();
        var line = await server.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? "";
        return new(server, int.Parse(line.Split("127.0.0.1:")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>The words of a run on this web.</summary>
    public string[] Run(string output, params string[] more) => ["run", .. Web(Queries), "--out", output, .. more];

    /// <summary>The words that lead a run to this web.</summary>
    public string[] Web(string queries) =>
    [
        "--queries", queries, "--resolve", $"*.photoweb.test=127.0.0.1:{Port}", "--allow-network", "127.0.0.0/8", "--host-delay", "20ms",
        "--eval-set", $"photoweb={Path.Combine(Folder, "eval")}",
    ];

    /// <summary>What has the server been asked, in order?</summary>
    public async Task<IReadOnlyList<Request>> LogAsync()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Port}/log") { Headers = { Host = "admin.photoweb.test" } };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await response.Content.ReadFromJsonAsync<List<Request>>(JsonSerializerOptions.Web, TestContext.Current.CancellationToken) ?? [];
    }

    /// <summary>Names of the sites.</summary>
    public static IEnumerable<string> Hosts => Directory.GetDirectories(Path.Combine(Folder, "hosts"), "site*").Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal);

    /// <summary>Every image with its <c>url</c>, <c>text</c> and <c>status</c>.</summary>
    public static IReadOnlyList<JsonNode> Images => [.. JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "expected.json")))!.AsArray().OfType<JsonNode>()];

    /// <summary>Hash of an image as it is served.</summary>
    public static string Sha256Of(string url) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(Folder, "hosts", url["http://".Length..]))));

    /// <summary>Expected outcomes: the status word of every image, http_404 as our words have it.</summary>
    public static IReadOnlyDictionary<string, int> ExpectedCounts() =>
        Images.GroupBy(image => (string)image["status"]!)
            .ToDictionary(group => group.Key == "http_404" ? "http_error" : group.Key, group => group.Count());

    /// <summary>Holds shards against the right answer with the web's own script.</summary>
    public static async Task<(int Code, string Output)> ScoreAsync(string output)
    {
        using var score = Process.Start(new ProcessStartInfo(
            "python3", [Path.Combine(Folder, "score.py"), Path.Combine(output, "shards")])
        {
            RedirectStandardOutput = true,
        })!;
        var text = await score.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await score.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (score.ExitCode, text);
    }

    public async ValueTask DisposeAsync()
    {
        _server.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
    }
}
