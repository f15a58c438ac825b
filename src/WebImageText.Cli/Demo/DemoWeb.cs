using System.Net;
using WebImageText.Cli.Demo.Scenes;
using WebImageText.Cli.Demo.Web;

namespace WebImageText.Cli.Demo;

/// <summary>
/// A small web on this machine: 2,000 drawn scenes with true captions on some 20 hosts, everything that goes wrong on the
/// real one, a search engine, and an evaluation set that must stay out. What must become of each picture is known.
/// </summary>
internal sealed class DemoWeb : IAsyncDisposable
{
    private readonly DemoPlan _plan;
    private readonly DemoServer _server;

    private DemoWeb(DemoPlan plan, DemoServer server, EvaluationSet evaluation, DemoWebOptions options)
    {
        (_plan, _server, Evaluation, Address) = (plan, server, evaluation, options.Address);
        (QueriesPath, SeedsPath) = (Path.Combine(options.Folder, "queries.tsv"), Path.Combine(options.Folder, "seeds.txt"));
    }

    /// <summary>Pairs a query may have: the caption of one thing occurs more often.</summary>
    public static int Cap => DemoPlan.Cap;

    /// <summary>Bytes of the largest image that is read; the endless ones are told from the others on a busy machine, too.</summary>
    public static int LargestImage => 4_000_000;

    /// <summary>Links from a seed to the farthest page.</summary>
    public static int Depth => 2;

    public IPAddress Address { get; }

    public int Port => _server.Port;

    /// <summary>For <c>--resolve</c>: all hosts stand at this server.</summary>
    public string Resolve => $"*.{DemoPlan.Domain}={Address}:{Port}";

    public IReadOnlyList<string> Hosts => _plan.Hosts;

    /// <summary>Addresses of pages from which all others are found.</summary>
    public IReadOnlyList<string> Seeds => _plan.Seeds;

    /// <summary>A SearXNG search; it finds pictures that no seed leads to.</summary>
    public static string SearchUrl => $"http://search.{DemoPlan.Domain}/search";

    /// <summary>The query list: query and source, tab-separated, one a line.</summary>
    public string QueriesPath { get; }

    /// <summary>The seeds, one a line.</summary>
    public string SeedsPath { get; }

    public EvaluationSet Evaluation { get; }

    /// <summary>The right outcome of every picture, by its canonical address (<see cref="WebAddress.Canonical"/>).</summary>
    public IReadOnlyDictionary<string, DemoExpectation> Expected => _plan.Expected;

    /// <summary>Pictures that compete, by the name that their expectation gives.</summary>
    public IReadOnlyDictionary<string, DemoGroup> Groups => _plan.Groups;

    /// <summary>Addresses that must not be asked for: refused by robots.txt or page, or dropped for their text alone.</summary>
    public IReadOnlySet<string> Untouchable => _plan.Untouchable;

    /// <summary>What was asked for so far, in order.</summary>
    public IReadOnlyList<DemoRequest> Log => _server.Log;

    /// <summary>Writes the files and opens the port.</summary>
    public static async Task<DemoWeb> StartAsync(DemoWebOptions options, CancellationToken stop)
    {
        var plan = DemoPlan.Create(options.Seed);
        Directory.CreateDirectory(options.Folder);
        var evaluation = await EvaluationSet.WriteAsync(plan.Evaluation, options.Folder, stop);
        var web = new DemoWeb(plan, await DemoServer.StartAsync(plan, options, stop), evaluation, options);
        await File.WriteAllLinesAsync(web.QueriesPath, SceneKind.Queries.Select(query => $"{query}\tdemo"), stop);
        await File.WriteAllLinesAsync(web.SeedsPath, plan.Seeds, stop);
        return web;
    }

    /// <summary>The bytes behind a picture's address, for a thumbnail; nothing where there is no picture.</summary>
    public byte[]? Picture(string address) => _plan.Answers.GetValueOrDefault(address) switch
    {
        DemoAnswer.Picture picture => picture.File.Encode(),
        DemoAnswer.Redirect redirect when new Uri(new Uri(address), redirect.To).AbsoluteUri is var to
            && _plan.Answers.GetValueOrDefault(to) is DemoAnswer.Picture picture => picture.File.Encode(),
        _ => null,
    };

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
