using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WebImageText.Tests.Runs;

/// <summary>The built program, run as a user runs it: nothing on its standard input, and Ctrl-C heeded.</summary>
internal sealed class WitProcess : IDisposable
{
    /// <summary>No program of the tests takes as long; one that does hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly string[] _words;
    private readonly Task<string> _output;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _errorsEnd = new();
    private readonly Timer _deadline;
    private volatile bool _late;

    private WitProcess(string[] words, IReadOnlyDictionary<string, string>? environment = null)
    {
        _words = words;
        var start = Heeding(words);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = _process.StandardOutput.ReadToEndAsync();
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginErrorReadLine();
        _deadline = new(_ => EndLate(), null, Patience, Timeout.InfiniteTimeSpan);
    }

    // A shell has what it starts in the background ignore SIGINT, and its children after it.
    private static ProcessStartInfo Heeding(string[] words)
    {
        var start = OperatingSystem.IsLinux()
            ? new ProcessStartInfo("env", ["--default-signal=INT", Program, .. words])
            : new ProcessStartInfo(Program, words);
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        start.WorkingDirectory = Path.GetTempPath();
        return start;
    }

    private static string Program
    {
        get
        {
            var outputs = new DirectoryInfo(AppContext.BaseDirectory);
            var path = Path.Combine(outputs.Parent!.Parent!.FullName, "WebImageText.Cli", outputs.Name, OperatingSystem.IsWindows() ? "wit.exe" : "wit");
            return File.Exists(path) ? path : throw new FileNotFoundException($"The program is not at '{path}': build the solution first.");
        }
    }

    public static WitProcess Start(params string[] words) => new(words);

    /// <summary>The same with variables added to the environment.</summary>
    public static WitProcess Start(IReadOnlyDictionary<string, string> environment, params string[] words) => new(words, environment);

    /// <summary>Runs to the end and returns exit code, standard output and standard error.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] words)
    {
        using var wit = Start(words);
        return await wit.EndAsync();
    }

    /// <summary>Runs with <c>--json</c>, asserts the exit code and returns the result.</summary>
    public static async Task<JsonElement> JsonAsync(int code, params string[] words)
    {
        var (got, output, errors) = await RunAsync([.. words, "--json"]);
        Assert.True(got == code, $"wit {string.Join(' ', words)} ended with {got}: {output}{errors}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    public async Task<(int Code, string Output, string Errors)> EndAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _errorsEnd.Task;
        Assert.False(_late, $"wit {string.Join(' ', _words)} did not end in {Patience}: {await _output}{Errors}");
        return (_process.ExitCode, await _output, Errors);
    }

    /// <summary>What Ctrl-C sends.</summary>
    public void Interrupt() => Assert.Equal(0, Kill(_process.Id, 2));

    /// <summary>Kills the process, which hears nothing of it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Most resident memory so far, bytes; 0 once it has ended.</summary>
    public long PeakMemory
    {
        get
        {
            try
            {
                return File.ReadLines($"/proc/{_process.Id}/status").Where(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
                    .Select(line => 1024 * long.Parse(line["VmHWM:".Length..].TrimEnd("kB ".ToCharArray()), System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault();
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Standard error up to now.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    /// <summary>Waits until a condition holds, or until the program has ended.</summary>
    public Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    /// <inheritdoc cref="UntilAsync(Func{bool})"/>
    public async Task UntilAsync(Func<Task<bool>> condition)
    {
        while (!HasEnded && !await condition())
            await Task.Delay(50, TestContext.Current.CancellationToken);
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            _errorsEnd.TrySetResult();
            return;
        }
        lock (_errors)
            _errors.AppendLine(line);
    }

    private void EndLate()
    {
        _late = true;
        _process.Kill(entireProcessTree: true);
    }

    public void Dispose()
    {
        _deadline.Dispose();
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
