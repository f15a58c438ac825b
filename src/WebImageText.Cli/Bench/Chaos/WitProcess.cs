using System.Diagnostics;
using WebImageText.Cli.Demo;

namespace WebImageText.Cli.Bench.Chaos;

/// <summary>This program as a process of its own, working on the demo's web.</summary>
internal sealed class WitProcess : IDisposable
{
    private readonly Process _process;
    private readonly Queue<string> _words = [];
    private readonly string? _log;
    private TimeSpan _cpu;
    private bool _isOver;

    private WitProcess(IEnumerable<string> words)
        : this(Environment.ProcessPath!, words, log: null)
    {
    }

    private WitProcess(string program, IEnumerable<string> words, string? log)
    {
        _log = log;
        var start = new ProcessStartInfo(program, words) { RedirectStandardOutput = true, RedirectStandardError = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The last lines that it wrote.</summary>
    public string LastWords
    {
        get
        {
            lock (_words)
                return string.Join(" | ", _words);
        }
    }

    /// <summary>Exit code of a process that has ended.</summary>
    public int? Code => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Processor time, as of the last time that somebody asked while it lived.</summary>
    public TimeSpan Cpu
    {
        get
        {
            try
            {
                _process.Refresh();
                _cpu = _process.TotalProcessorTime;
            }
            catch (InvalidOperationException)
            {
                // It has ended.
            }
            return _cpu;
        }
    }

    /// <summary>A run of its own.</summary>
    public static WitProcess Run(DemoWeb web, string output) => new(["run", .. Options(web, output)]);

    /// <summary>A node of a cluster; what it writes is added to a log beside its state.</summary>
    public static WitProcess Node(NodePlace place, IEnumerable<NodePlace> seeds, string state, string journal)
    {
        string[] words =
        [
            .. place.Within, Environment.ProcessPath!, "node", "--listen", place.Endpoint, .. seeds.SelectMany(seed => new[] { "--seed", seed.Endpoint }),
            .. place.Security, "--state", state, "--journal", journal,
        ];
        return new(words[0], words[1..], $"{state}.log");
    }

    /// <summary>Tells a cluster to run.</summary>
    public static WitProcess Submit(DemoWeb web, string output, NodePlace seed) =>
        new(["submit", "--seed", seed.Endpoint, .. seed.Security, .. Options(web, output)]);

    private static string[] Options(DemoWeb web, string output) =>
    [
        "--queries", web.QueriesPath, "--provider", "searxng", "--provider", "pages", "--searxng-url", DemoWeb.SearchUrl,
        "--pages", web.SeedsPath, "--depth", $"{DemoWeb.Depth}", "--cap", $"{DemoWeb.Cap}", "--eval-set", $"demo={web.Evaluation.Folder}", "--detector", "none",
        "--resolve", web.Resolve, "--allow-network", $"{web.Address}/32", "--host-delay", "2ms", "--timeout", "8s", "--max-image-bytes", $"{DemoWeb.LargestImage}", "--tries", "1",
        "--backoff", "0.01", "--shard-size", "100", "--out", output,
    ];

    /// <summary>Its exit code, or null when it still runs after this time.</summary>
    public async Task<int?> EndsWithinAsync(TimeSpan time, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(time);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return _process.ExitCode;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>SIGSTOP and, after a time, SIGCONT: the machine is there and does nothing.</summary>
    public async Task FreezeAsync(TimeSpan time, CancellationToken stop)
    {
        Signal(19);
        await Task.Delay(time, stop);
        Signal(18);
    }

    // Who is killed while it is frozen needs no waking.
    private void Signal(int number)
    {
        if (_isOver)
            return;
        using var kill = Process.Start("kill", [$"-{number}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>SIGKILL: nothing is flushed, nobody is told.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _isOver = true;
        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line is null)
            return;
        lock (_words)
        {
            if (_log is not null)
                File.AppendAllText(_log, $"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {_process.Id} {line}\n");
            _words.Enqueue(line);
            if (_words.Count > 8)
                _words.Dequeue();
        }
    }
}
