using System.CommandLine;
using System.Runtime.InteropServices;
using WebImageText.Cli.Terminal;

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
    };

    // The first signal asks for a clean stop, the second one is obeyed at once.
    private static void Stop(PosixSignalContext signal, CancellationTokenSource stop)
    {
        signal.Cancel = !stop.IsCancellationRequested;
        stop.Cancel();
    }
}
