using WebImageText.Cli.Bench.Chaos;
using WebImageText.Cli.Cluster;

namespace WebImageText.Tests.Runs;

/// <summary>Nodes of a cluster, each a process of its own, with a PostgreSQL that they share.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Postgres _postgres;
    private readonly string[] _security;
    private readonly string[] _endpoints;
    private readonly List<WitProcess> _nodes = [];

    private Cluster(string folder, Postgres postgres, string[] security, int places)
    {
        (_folder, _postgres, _security) = (folder, postgres, security);
        _endpoints = [.. LoopbackPorts.Free(places).Select(port => $"127.0.0.1:{port}")];
    }

    /// <summary>Where nodes are, or may come to be.</summary>
    public IReadOnlyList<string> Endpoints => _endpoints;

    /// <summary>Starts the journal; nodes join one by one. Skips the test where there is no PostgreSQL.</summary>
    /// <param name="folder">For journal and staging.</param>
    /// <param name="places">How many nodes there may be.</param>
    /// <param name="security">Words for certificates.</param>
    public static async Task<Cluster> StartAsync(string folder, int places, params string[] security)
    {
        if (Environment.GetEnvironmentVariable("WIT_CHAOS") is null)
            Assert.Skip("Takes minutes and all cores: set WIT_CHAOS=1 to run it.");
        if (Postgres.Find() is null)
            Assert.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql).");
        // The server runs as a user of its own, who must reach its folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        var postgres = await Postgres.StartAsync(Path.Combine(folder, "postgres"), open: null, TestContext.Current.CancellationToken);
        return new(folder, postgres, security, places);
    }

    /// <summary>Starts the node of a place; one that left comes back with what it staged.</summary>
    public WitProcess Join(int place, params string[] more)
    {
        var node = WitProcess.Start(
        [
            "node", "--listen", _endpoints[place], .. Seeds, .. _security,
            "--state", Path.Combine(_folder, $"node{place}"), "--journal", _postgres.Connection, .. more,
        ]);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Tells the nodes what to run: the words of a <c>wit run</c>.</summary>
    public async Task SubmitAsync(string[] run)
    {
        var (code, _, errors) = (-1, "", "");
        // The first node may still be on its way up.
        for (var tries = 0; tries < 10 && code != 0; tries++)
            (code, _, errors) = await WitProcess.RunAsync(["submit", .. Seeds, .. _security, .. run[1..]]);
        Assert.True(code == 0, errors);
    }

    public string[] Seeds => [.. _endpoints.SelectMany(endpoint => new[] { "--seed", endpoint })];

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
            node.Dispose();
        await _postgres.DisposeAsync();
    }
}
