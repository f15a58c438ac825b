using System.Diagnostics;
using System.Globalization;
using WebImageText.Cli.Cluster;
using WebImageText.Cli.Terminal;

namespace WebImageText.Cli.Train;

/// <summary>Starts <c>wit train</c> once for each GPU of this machine, with the variables by which torchrun tells a process its rank.</summary>
internal static class GpuRanks
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs to the end of all ranks.</summary>
    /// <param name="arguments">Of this call; <c>--gpus</c> among them is passed over by a process that knows its rank.</param>
    /// <param name="gpus">How many.</param>
    /// <param name="stop">Asks every rank to save and end.</param>
    /// <returns>The first exit code that is not 0, or 0.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, int gpus, CancellationToken stop)
    {
        var port = LoopbackPorts.Free() - 1; // rank 0 listens on the port after this one: torchrun has a server of its own on the first
        var ranks = Enumerable.Range(0, gpus).Select(rank => Start(arguments, rank, gpus, port)).ToList();
        try
        {
            using var interrupt = stop.Register(() => ranks.ForEach(Interrupt));
            var running = ranks.Select(rank => rank.WaitForExitAsync(CancellationToken.None)).ToList();
            while (running.Count > 0)
            {
                running.Remove(await Task.WhenAny(running));
                if (ranks.FirstOrDefault(rank => rank.HasExited && rank.ExitCode is not (ExitCode.Done or ExitCode.StoppedEarly)) is not { } broken)
                    continue;
                // The others wait for it inside NCCL and would do so for ever.
                Screen.Note($"Rank {ranks.IndexOf(broken)} ended with {broken.ExitCode}; the others are stopped.");
                return broken.ExitCode;
            }
            return ranks.Select(rank => rank.ExitCode).FirstOrDefault(code => code != ExitCode.Done);
        }
        finally
        {
            foreach (var rank in ranks.Where(rank => !rank.HasExited))
                rank.Kill();
            await Task.WhenAll(ranks.Select(rank => rank.WaitForExitAsync(CancellationToken.None))).WaitAsync(Patience, CancellationToken.None);
            ranks.ForEach(rank => rank.Dispose());
        }
    }

    private static Process Start(IReadOnlyList<string> arguments, int rank, int gpus, int port)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(program, [.. self, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = rank > 0, RedirectStandardError = rank > 0 };
        foreach (var (name, value) in new[] { ("RANK", rank), ("LOCAL_RANK", rank), ("WORLD_SIZE", gpus), ("MASTER_PORT", port) })
            start.Environment[name] = value.ToString(CultureInfo.InvariantCulture);
        start.Environment["MASTER_ADDR"] = "127.0.0.1";
        var process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' does not start.");
        process.StandardInput.Close();
        if (rank > 0)
        {
            // Every rank says the same; of the others only what went wrong is of interest.
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data?.StartsWith("error", StringComparison.OrdinalIgnoreCase) == true)
                    Screen.Note($"rank {rank}: {line.Data}");
            };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
        }
        return process;
    }

    private static void Interrupt(Process rank)
    {
        if (rank.HasExited)
            return;
        using var kill = Process.Start("kill", ["-INT", rank.Id.ToString(CultureInfo.InvariantCulture)]);
    }
}
