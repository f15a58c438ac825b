using System.CommandLine;
using System.Diagnostics;
using System.Runtime.InteropServices;
using WebImageText.Cli.Audit;
using WebImageText.Cli.Bench;
using WebImageText.Cli.Cluster;
using WebImageText.Cli.Dedup;
using WebImageText.Cli.Demo;
using WebImageText.Cli.Detector;
using WebImageText.Cli.Doctor;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Export;
using WebImageText.Cli.Queries;
using WebImageText.Cli.Run;
using WebImageText.Cli.Shards;
using WebImageText.Cli.Terminal;
using WebImageText.Cli.Tokenizer;
using WebImageText.Cli.Train;
using WebImageText.Curate.Pixels;
using WebImageText.Learn;

NativeHeap.Bound();
TorchLibrary.Offer();
return await Wit.RunAsync(args);

/// <summary>The command line: its verbs, and what holds for all of them.</summary>
internal static class Wit
{
    public static async Task<int> RunAsync(string[] words)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, stop));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, stop));
        try
        {
            var root = Root();
            var parsed = root.Parse(Settings.Load(Environment.CurrentDirectory).Expand(root, words));
            if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
            {
                foreach (var error in parsed.Errors)
                    Screen.Error(error.Message);
                Screen.Note($"'wit {string.Join(' ', words.TakeWhile(word => !word.StartsWith('-')))} --help' shows what it takes.");
                return ExitCode.Usage;
            }
            return await parsed.InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, stop.Token);
        }
        catch (UserErrorException error)
        {
            Screen.Error(error.Message);
            return error.ExitCode;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Screen.Note("stopped");
            return ExitCode.StoppedEarly;
        }
        catch (Exception fault)
        {
            Screen.Error($"{fault.GetType().Name}: {fault.Message}");
            Screen.Note(fault.StackTrace ?? "");
            return ExitCode.Failed;
        }
    }

    private static RootCommand Root() => new("Image-text pairs from the web: crawl, curate, pack, train CLIP, measure.")
    {
        CommonOptions.Json,
        DemoVerb.Create(),
        RunVerb.Create(),
        NodeVerb.Create(),
        SubmitVerb.Create(),
        StatusVerb.Create(),
        CertsVerb.Create(),
        ShardsVerb.Create(),
        QueriesVerb.Create(),
        DedupVerb.Create(),
        AuditVerb.Create(),
        DetectorVerb.Create(),
        DoctorVerb.Create(),
        TrainVerb.Create(),
        EvalVerb.Create(),
        ClassifyVerb.Create(),
        ExportVerb.Create(),
        TokenizerVerb.Create(),
        VocabVerb.Create(),
        BenchVerb.Create(),
    };

    private static readonly TimeSpan OneSignal = TimeSpan.FromSeconds(1);
    private static long _stopAsked;

    // The first signal asks for a clean stop, the second one is obeyed at once. A shell or timeout(1) may send one signal
    // twice, to the process and to its group: what comes within a second is the same one.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        var now = Stopwatch.GetTimestamp();
        var asked = Interlocked.CompareExchange(ref _stopAsked, now, 0);
        signal.Cancel = asked == 0 || Stopwatch.GetElapsedTime(asked, now) < OneSignal;
        stop.Cancel();
    }
}
