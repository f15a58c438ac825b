using System.Diagnostics;
using WebImageText.Shards.Repack;
using WebImageText.Shards.Stores;
using WebImageText.Tests.Support;

namespace WebImageText.Tests.Shards.Conformance;

/// <summary>
/// What img2dataset's layout and webdataset's reading ask of a writer, checked by Python's own <c>tarfile</c> and <c>json</c>: the rules
/// stand in <c>peer_rules.py</c>. Types and columns of the parquet are seen by DuckDB in <c>ParquetTableTests</c>; the reader's half of the
/// same rules is in <c>ShardTarReaderTests</c>.
/// </summary>
public sealed class PeerRulesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Pythons_modules_read_every_sample_by_the_rules_of_the_peers()
    {
        var store = new FolderStore(_folder.Path);
        await SomeDataSet.WriteAsync(store, 3, 20, Stop);

        await ExpectAsync(60);
    }

    [Fact]
    public async Task They_do_after_a_repacking()
    {
        var store = new FolderStore(_folder.File("from"));
        await SomeDataSet.WriteAsync(store, 3, 20, Stop);
        await new Repacker(store, new FolderStore(_folder.Path), new() { ShardSize = 25, Seed = 1 }).RunAsync(stop: Stop);

        await ExpectAsync(60);
    }

    private async Task ExpectAsync(int samples)
    {
        var script = Checkout.PathOf("tests/WebImageText.Tests/Shards/Conformance/peer_rules.py");
        using var python = Process.Start(new ProcessStartInfo(Tools.Require("python3"), [script, _folder.File("shards"), $"{samples}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;
        python.StandardInput.Close();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        var (said, wrong) = (python.StandardOutput.ReadToEndAsync(deadline.Token), python.StandardError.ReadToEndAsync(deadline.Token));
        await python.WaitForExitAsync(deadline.Token);
        Assert.True(python.ExitCode == 0, await said + await wrong);
    }
}
