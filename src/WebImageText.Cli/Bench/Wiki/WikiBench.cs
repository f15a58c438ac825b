using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;
using WebImageText.Crawl.Queries.Wikipedia;

namespace WebImageText.Cli.Bench.Wiki;

/// <summary><c>wit bench wiki</c>: a dump to counted words and pairs, beside <c>bzcat | wc</c>.</summary>
internal static class WikiBench
{
    public static Command Create()
    {
        var wikipedia = new Option<string>("--wikipedia") { Description = "A dump, pages-articles XML", HelpName = "F", Required = true };
        var megabytes = new Option<int>("--mb") { Description = "Its pages are repeated to a dump of so much XML, packed by bzip2; 0 takes a .bz2 as it is", HelpName = "N", DefaultValueFactory = _ => 100 };
        var verb = new Command("wiki", "Read a packed dump and count its words and pairs: MB of XML per second, beside bzcat | wc") { wikipedia, megabytes };
        verb.SetAction(async (parsed, stop) =>
        {
            var folder = Directory.CreateTempSubdirectory("wit-bench-wiki");
            try
            {
                var dump = parsed.GetRequiredValue(wikipedia);
                if (!File.Exists(dump))
                    throw UserErrorException.Usage($"There is no file '{dump}'.");
                if (parsed.GetValue(megabytes) > 0)
                    dump = await RepeatAsync(dump, parsed.GetValue(megabytes) * 1_000_000L, Path.Combine(folder.FullName, "dump.xml"), stop);
                (await RunAsync(dump, folder.FullName, stop)).Print(parsed.GetValue(CommonOptions.Json));
                return ExitCode.Done;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return verb;
    }

    private static async Task<BenchFigures> RunAsync(string dump, string folder, CancellationToken stop)
    {
        var figures = new BenchFigures("wiki");
        var cores = Environment.ProcessorCount;
        var bytes = await DecodeAsync(dump, cores, stop); // brings the file into the cache, and the code to speed
        figures.Add("xml_mb", bytes / 1e6, "MB");
        figures.Add("packed_mb", new FileInfo(dump).Length / 1e6, "MB");

        var peer = Bzcat(dump);
        Add(figures, "bzcat", bytes, peer, "bzcat | wc -c");
        var decode = await TimedAsync(() => DecodeAsync(dump, cores, stop));
        Add(figures, "decode", bytes, decode, "our bzip2 alone");
        QueryListResult? result = null;
        var build = await TimedAsync(async () => result = await QueryListBuilder.BuildAsync(new()
        {
            Wikipedia = [dump],
            WorkFolder = Path.Combine(folder, "counts"),
        }, _ => { }, stop));
        Add(figures, "build", bytes, build, "unpacked, parsed, plain text, words and pairs counted and added up");
        figures.Add("articles", result!.Articles, "");
        figures.Add("words_per_second", result.Words / build.Wall, "words per second");
        figures.Add("ratio_bzcat", peer.Wall / build.Wall, "times", "the whole build against bzcat | wc, wall clock");
        figures.Add("ratio_bzcat_decode_cpu", peer.Cpu / decode.Cpu, "times", "unpacking alone, CPU seconds");
        figures.Add("ratio_bzcat_cpu", peer.Cpu / build.Cpu, "times", "the whole build, CPU seconds");
        return figures;
    }

    private static void Add(BenchFigures figures, string what, long bytes, (double Wall, double Cpu) seconds, string note)
    {
        figures.Add($"{what}_mb_per_second", bytes / 1e6 / seconds.Wall, "MB of XML per second", note);
        figures.Add($"{what}_mb_per_cpu_second", bytes / 1e6 / seconds.Cpu, "MB of XML per CPU-second");
    }

    private static async Task<(double Wall, double Cpu)> TimedAsync<T>(Func<Task<T>> work)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        await work();
        return (clock.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
    }

    private static async Task<long> DecodeAsync(string dump, int threads, CancellationToken stop)
    {
        await using var stream = DumpFile.Open(dump, threads);
        var buffer = new byte[1 << 20];
        var total = 0L;
        for (int read; (read = await stream.ReadAsync(buffer, stop)) > 0;)
            total += read;
        return total;
    }

    private static (double Wall, double Cpu) Bzcat(string dump)
    {
        var start = new ProcessStartInfo("/bin/bash", ["-c", "TIMEFORMAT='%R %U %S'; time (bzcat \"$0\" | wc -c)", dump]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var bash = Process.Start(start)!;
        bash.StandardOutput.ReadToEnd();
        var said = bash.StandardError.ReadToEnd().Trim();
        bash.WaitForExit();
        var seconds = said.Split(' ').Select(number => double.TryParse(number, CultureInfo.InvariantCulture, out var value) ? value : double.NaN).ToArray();
        return bash.ExitCode == 0 && seconds is [var wall, var user, var system] ? (wall, user + system)
            : throw UserErrorException.BadData($"'bzcat {dump} | wc -c' failed: {said}. Is bzip2 installed?");
    }

    /// <summary>Writes the pages of a dump again and again between its head and its end, and packs the file.</summary>
    private static async Task<string> RepeatAsync(string dump, long bytes, string path, CancellationToken stop)
    {
        using var whole = new MemoryStream();
        await using (var packed = DumpFile.Open(dump, Environment.ProcessorCount))
            await packed.CopyToAsync(whole, stop);
        var xml = whole.GetBuffer().AsMemory(0, (int)whole.Length);
        var (first, last) = (xml.Span.IndexOf("<page>"u8), xml.Span.LastIndexOf("</page>"u8));
        if (first < 0 || last < first)
            throw UserErrorException.BadData($"'{dump}' has no page.");
        await using (var file = File.Create(path))
        {
            await file.WriteAsync(xml[..first], stop);
            while (file.Length < bytes)
                await file.WriteAsync(xml[first..(last + 7)], stop);
            await file.WriteAsync("\n</mediawiki>\n"u8.ToArray(), stop);
        }
        using var bzip2 = Process.Start(new ProcessStartInfo("bzip2", [path]))!;
        await bzip2.WaitForExitAsync(stop);
        return path + ".bz2";
    }
}
