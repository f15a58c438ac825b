using System.Diagnostics;
using WebImageText.Cli.Bench.Chaos;

namespace WebImageText.Tests.Runs;

/// <summary>Nothing lost, nothing twice, no cap broken: whatever is killed, whenever.</summary>
[Collection(OneAtATime.Name)]
public sealed class ChaosTests : IDisposable
{
    private const string Full = "No space left on device";

    private readonly string _out = Directory.CreateTempSubdirectory("wit-chaos").FullName;

    [Fact]
    public async Task Killed_runs_end_in_the_right_data_set()
    {
        var figures = await WitProcess.JsonAsync(0, "bench", "chaos", "--kills", "8", "--out", _out);

        Assert.Equal(8, figures.GetProperty("kills").GetInt32());
        Assert.Equal(0, figures.GetProperty("lost").GetInt32());
        Assert.Equal(0, figures.GetProperty("wrong").GetInt32());
    }

    [Fact]
    public async Task Killed_nodes_of_a_cluster_end_in_the_right_data_set()
    {
        if (Environment.GetEnvironmentVariable("WIT_CHAOS") is null)
            Assert.Skip("Takes five minutes and all cores: set WIT_CHAOS=1 to run it.");
        if (Postgres.Find() is null)
            Assert.Skip("PostgreSQL is not installed (Debian: apt-get install postgresql).");
        // The server runs as a user of its own, who must reach its folder.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_out, File.GetUnixFileMode(_out) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);

        var figures = await WitProcess.JsonAsync(0, "bench", "chaos", "--nodes", "3", "--kills", "3", "--out", _out);

        Assert.Equal(0, figures.GetProperty("lost").GetInt32());
        Assert.Equal(0, figures.GetProperty("wrong").GetInt32());
    }

    [Fact]
    public async Task A_full_disk_is_waited_for()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            Assert.Skip("Only root can mount a small file system.");
        if (Mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", _out) is not 0 and var refused)
            Assert.Skip($"mount(8) ended with {refused}: this machine lets nobody mount a small file system.");
        try
        {
            await using var web = await PhotoWeb.StartAsync();
            using var run = WitProcess.Start(web.Run(Path.Combine(_out, "set"), "--provider", "pages", "--pages", PhotoWeb.Seeds));
            await run.UntilAsync(() => run.Errors.Contains(Full, StringComparison.Ordinal));
            await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
            Assert.False(run.HasEnded);

            Assert.Equal(0, Mount("-o", "remount,size=200m", _out));

            var (code, _, errors) = await run.EndAsync();
            Assert.Equal(0, code);
            Assert.Contains(Full, errors, StringComparison.Ordinal);
            var (score, text) = await PhotoWeb.ScoreAsync(Path.Combine(_out, "set"));
            Assert.True(score == 0, text);
        }
        finally
        {
            using var unmount = Process.Start("umount", [_out]);
            unmount.WaitForExit();
        }
    }

    private static int Mount(params string[] words)
    {
        using var mount = Process.Start("mount", words);
        mount.WaitForExit();
        return mount.ExitCode;
    }

    public void Dispose() => Directory.Delete(_out, recursive: true);
}
