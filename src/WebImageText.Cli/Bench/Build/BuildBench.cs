using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using WebImageText.Cli.Terminal;
using WebImageText.Curate.Pixels;

namespace WebImageText.Cli.Bench.Build;

/// <summary><c>wit bench build</c>: from an address to a shard, and how far the codec alone would come.</summary>
internal static class BuildBench
{
    private static readonly JsonSerializerOptions Wire = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static Command Create()
    {
        var photos = new Option<DirectoryInfo>("--photos")
        {
            Description = "Folder of JPEG photographs; without it, made ones of some 110 kB and 0.2 Mpx",
            HelpName = "DIR",
        }.AcceptExistingOnly();
        var count = new Option<int>("--count") { Description = "Photographs", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var rounds = new Option<int>("--rounds") { Description = "Addresses of each photograph", HelpName = "N", DefaultValueFactory = _ => 5 };
        var codecs = new Option<string[]>("--codec")
        {
            Description = "Codec of JPEG that is measured (repeatable); by default those that are there",
            HelpName = "NAME",
        }.AcceptOnlyFromAmong("turbo", "vips");
        var one = new Option<string?>("--case") { Hidden = true };
        var verb = new Command("build", "Images per CPU-second from fetch to shard: decode, shorter side to 256, JPEG q95, tar") { photos, count, rounds, codecs, one };
        verb.SetAction(async (parsed, stop) =>
        {
            var work = new Work(parsed.GetValue(photos)?.FullName, parsed.GetValue(count), parsed.GetValue(rounds));
            if (parsed.GetValue(one) is { } words)
                Console.Out.WriteLine(JsonSerializer.Serialize(await CaseAsync(words, work, stop), Wire));
            else
                await RunAsync(work, parsed.GetValue(codecs) is { Length: > 0 } asked ? asked : ImageJudge.HasTurbo ? ["turbo", "vips"] : ["vips"], parsed.GetValue(CommonOptions.Json), stop);
            return ExitCode.Done;
        });
        return verb;
    }

    private sealed record Work(string? Photos, int Count, int Rounds);

    private static async Task RunAsync(Work work, IReadOnlyList<string> codecs, bool json, CancellationToken stop)
    {
        var scratch = Directory.CreateTempSubdirectory("wit-bench-build-");
        try
        {
            var photos = PhotoSet.Load(work.Photos, work.Count);
            if (photos.Count == 0)
                throw UserErrorException.Usage($"'{work.Photos}' holds no .jpg or .jpeg file.");
            work = work with { Photos = work.Photos ?? await KeepAsync(photos, scratch.CreateSubdirectory("photos").FullName, stop) };
            await using var server = await PhotoServer.StartAsync(photos, stop);
            var figures = new BenchFigures("build");
            figures.Add("photos", photos.Count, "files", work.Photos);
            figures.Add("photo_kilobytes", photos.Average(photo => photo.Length) / 1e3, "kB", "mean");
            foreach (var codec in codecs)
            {
                foreach (var workers in new[] { 1, 2 })
                {
                    var name = $"{codec}_{workers}";
                    var alone = await ChildAsync($"convert,{codec},{workers}", work, stop);
                    var whole = await ChildAsync($"build,{codec},{workers},{server.Port},{Path.Combine(scratch.FullName, name)}", work, stop);
                    if (whole.Failed > 0)
                        Screen.Note($"{name}: {whole.Failed} images did not become samples");
                    figures.Add($"{name}_images_per_cpu_second", whole.Images / whole.CpuSeconds, "images per CPU-second", $"{workers} worker(s), {codec}: fetch to shard, whole process");
                    figures.Add($"{name}_codec_only_images_per_cpu_second", alone.Images / alone.WorkCpuSeconds, "images per CPU-second", "decode, resize, encode in memory");
                    figures.Add($"{name}_images_per_second", whole.Images / whole.Seconds, "images per second", "wall");
                    figures.Add($"{name}_start_cpu_seconds", whole.CpuSeconds - whole.WorkCpuSeconds, "CPU-seconds", "before the first image");
                    figures.Add($"{name}_peak_mebibytes", whole.PeakMebibytes, "MiB", "resident");
                    figures.Add($"{name}_stored_kilobytes", whole.Megabytes * 1e3 / Math.Max(1, whole.Images), "kB", "mean of stored images");
                }
            }
            figures.Print(json);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static async Task<string> KeepAsync(IReadOnlyList<byte[]> photos, string folder, CancellationToken stop)
    {
        for (var at = 0; at < photos.Count; at++)
            await File.WriteAllBytesAsync(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{at:d6}.jpg")), photos[at], stop);
        return folder;
    }

    private static Task<BuildFigures> CaseAsync(string words, Work work, CancellationToken stop)
    {
        var parts = words.Split(',', 5);
        var one = new BuildCase(parts[1] == "turbo", Number(parts[2]));
        return parts[0] == "convert"
            ? Task.FromResult(one.Convert(PhotoSet.Load(work.Photos, work.Count), work.Rounds))
            : one.BuildAsync(Number(parts[3]), work.Count, work.Rounds, parts[4], stop);

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    private static async Task<BuildFigures> ChildAsync(string words, Work work, CancellationToken stop)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        var start = new ProcessStartInfo(program,
        [
            .. self, "bench", "build", "--case", words, "--photos", work.Photos!,
            "--count", work.Count.ToString(CultureInfo.InvariantCulture), "--rounds", work.Rounds.ToString(CultureInfo.InvariantCulture),
        ])
        { RedirectStandardOutput = true };
        start.Environment["DOTNET_PROCESSOR_COUNT"] = words.Split(',')[2]; // a process for one core has the threads and heaps of one
        using var child = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' does not start.");
        try
        {
            var output = await child.StandardOutput.ReadToEndAsync(stop);
            await child.WaitForExitAsync(stop);
            return child.ExitCode == 0
                ? JsonSerializer.Deserialize<BuildFigures>(output, Wire)!
                : throw new InvalidOperationException($"The case '{words}' ended with {child.ExitCode}.");
        }
        finally
        {
            if (!child.HasExited)
                child.Kill();
        }
    }
}
