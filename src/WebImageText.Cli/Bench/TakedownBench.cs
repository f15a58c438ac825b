using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using WebImageText.Cli.Terminal;
using WebImageText.Shards;
using WebImageText.Shards.Manifest;
using WebImageText.Shards.Stores;
using WebImageText.Shards.Verify;

namespace WebImageText.Cli.Bench;

/// <summary><c>wit bench takedown</c>: a thousand takedowns in a large data set, killed half-way and finished.</summary>
internal static class TakedownBench
{
    private const int ShardSize = 1_000;
    private const int ImageBytes = 10_000;
    private const double Concerned = 0.6;

    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly Query Query = new(new(0), "noise");

    public static Command Create()
    {
        var pairs = new Option<int>("--pairs") { Description = "Pairs of the data set, in shards of 1,000", HelpName = "N", DefaultValueFactory = _ => 100_000 };
        var entries = new Option<int>("--entries") { Description = "Pairs that go, by uid, address, sha256 and PDQ, from six shards of ten", HelpName = "N", DefaultValueFactory = _ => 1_000 };
        var verb = new Command("takedown", "Takedowns in a large data set: time, bytes rewritten, what a kill half-way leaves") { pairs, entries };
        verb.SetAction(async (parsed, stop) =>
        {
            var scratch = Directory.CreateTempSubdirectory("wit-bench-takedown-");
            try
            {
                (await RunAsync(scratch.FullName, parsed.GetValue(pairs), parsed.GetValue(entries), stop)).Print(parsed.GetValue(CommonOptions.Json));
            }
            finally
            {
                scratch.Delete(recursive: true);
            }
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<BenchFigures> RunAsync(string scratch, int pairs, int entries, CancellationToken stop)
    {
        var (set, list, key) = (Path.Combine(scratch, "set"), Path.Combine(scratch, "list.txt"), Path.Combine(scratch, "key.pem"));
        var shards = Math.Max(2, pairs / ShardSize);
        var store = new FolderStore(set);
        await WriteAsync(store, shards, stop);
        var dice = new Random(1);
        var gone = new HashSet<int>();
        while (gone.Count < entries)
            gone.Add(dice.Next((int)(shards * Concerned) * ShardSize));
        await File.WriteAllLinesAsync(list, gone.Order().Select(Entry), stop);
        var before = Hashes(set);
        var concerned = gone.Select(number => $"{number / ShardSize:00000}").ToHashSet();

        var clock = Stopwatch.StartNew();
        var marks = await KillAfterAsync(concerned.Count / 2, set, ["shards", "takedown", set, "--list", list, "--key", key], stop);
        var untilKill = clock.Elapsed;
        clock.Restart();
        using (var again = Child(["shards", "takedown", set, "--key", key]))
        {
            await again.WaitForExitAsync(stop);
            if (again.ExitCode != 0)
                throw new InvalidOperationException($"The takedown that goes on ended with {again.ExitCode}.");
        }
        var rest = clock.Elapsed;
        var after = Hashes(set);
        var report = await new ShardVerifier(store).RunAsync(stop: stop);
        var sizes = await ShardSizes.ReadAsync(store, stop) ?? new Dictionary<string, long>();

        var figures = new BenchFigures("takedown");
        figures.Add("pairs", (double)shards * ShardSize, "pairs", $"in {shards} shards");
        figures.Add("taken_down", gone.Count, "pairs", "by uid, address, sha256, PDQ");
        figures.Add("shards_concerned", concerned.Count, "shards");
        figures.Add("shards_done_at_the_kill", marks, "shards", "SIGKILL");
        figures.Add("seconds_until_the_kill", untilKill.TotalSeconds, "s", "search and first half");
        figures.Add("seconds_to_finish", rest.TotalSeconds, "s", "second process, wall");
        figures.Add("untouched_files_changed", before.Count(file => !concerned.Contains(Path.GetFileName(file.Key)[..5]) && after.GetValueOrDefault(file.Key) != file.Value), "files", "must be 0");
        figures.Add("sizes_wrong", Enumerable.Range(0, shards).Count(shard => sizes.GetValueOrDefault($"{shard:00000}") != ShardSize - gone.Count(number => number / ShardSize == shard)), "shards", "must be 0");
        figures.Add("pairs_left", report.Samples, "pairs", $"must be {(shards * ShardSize) - gone.Count}");
        figures.Add("findings_of_verify", report.Errors, "findings", report.Findings.FirstOrDefault(finding => !finding.IsNote)?.ToString() ?? "must be 0");
        return figures;

        static string Entry(int number) => (Of(number), number % 10) switch
        {
            (var pair, < 4) => $"uid {pair.Uid}",
            (var pair, < 7) => $"address {pair.Candidate.Image.Href}",
            (var pair, < 9) => $"sha256 {pair.Picture.StoredSha256}",
            (var pair, _) => $"pdq {pair.Picture.Pdq} 8",
        };
    }

    // Marks of finished shards appear one by one: half of them is half-way.
    private static async Task<int> KillAfterAsync(int marks, string set, IReadOnlyList<string> words, CancellationToken stop)
    {
        using var child = Child(words);
        while (!child.HasExited && Marks() < marks)
            await Task.Delay(5, stop);
        if (child.HasExited)
            throw new InvalidOperationException($"The takedown ended with {child.ExitCode} before it could be killed.");
        child.Kill();
        await child.WaitForExitAsync(stop);
        return Marks();

        int Marks() => Directory.Exists(Path.Combine(set, "manifest", "takedowns"))
            ? Directory.EnumerateFiles(Path.Combine(set, "manifest", "takedowns"), "?????.json", SearchOption.AllDirectories).Count()
            : 0;
    }

    private static Process Child(IReadOnlyList<string> words)
    {
        var program = Environment.ProcessPath!;
        string[] self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Environment.GetCommandLineArgs()[0]] : [];
        return Process.Start(new ProcessStartInfo(program, [.. self, .. words, "--json"]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException($"'{program}' does not start.");
    }

    private static Dictionary<string, string> Hashes(string set) => Directory.EnumerateFiles(Path.Combine(set, "shards"))
        .Where(path => Path.GetFileName(path) != "sizes.json")
        .ToDictionary(path => path, path =>
        {
            using var file = File.OpenRead(path);
            return Convert.ToHexStringLower(SHA256.HashData(file));
        });

    private static async Task WriteAsync(FolderStore store, int shards, CancellationToken stop)
    {
        var naming = new ShardNaming(ShardSize);
        var writer = new ShardWriter(store, naming);
        var ledger = new LedgerLine[shards];
        await Parallel.ForAsync(0, shards, stop, async (shard, cancel) =>
        {
            var pairs = Enumerable.Range(shard * ShardSize, ShardSize).Select(Of);
            ledger[shard] = LedgerLine.Of(await writer.StageAsync(shard, "bench", ShardSize, pairs, new(Start, Start), cancel), naming);
            await writer.PublishAsync(shard, "bench", stop: cancel);
        });
        await ShardSizes.WriteAsync(store, ledger.ToDictionary(line => line.Shard, line => line.Count), "bench", stop);
        var manifest = new DataSetManifest(store);
        await manifest.WriteLedgerAsync(ledger, "bench", stop);
        await manifest.WriteQueriesAsync([Query], "bench", stop);
        await manifest.WriteHeadAsync(new() { Name = "noise", CodeVersion = "bench", Created = Start, ShardSize = ShardSize }, "bench", stop);
    }

    /// <summary>A pair whose image begins like a JPEG and goes on with noise: nothing here decodes it.</summary>
    private static Pair Of(int number)
    {
        var noise = new Random(number);
        var image = new byte[ImageBytes];
        noise.NextBytes(image);
        (image[0], image[1], image[2]) = (0xFF, 0xD8, 0xFF);
        var candidate = new Candidate
        {
            Image = WebAddress.Parse($"https://h{number % 997}.example/{number}.jpg"),
            Page = WebAddress.Parse($"https://h{number % 997}.example/"),
            Texts = [new(TextSource.Alt, $"noise of number {number}")],
            Provider = "pages",
        };
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(image));
        PdqHash pdq = new((ulong)noise.NextInt64(), (ulong)noise.NextInt64(), (ulong)noise.NextInt64(), (ulong)noise.NextInt64());
        return new(candidate.Uid, candidate, new(Query, [Query.Id]), new(candidate.Image.Href, Start, 200, "image/jpeg"),
            new(256, 256, 512, 512, sha256, sha256, (UInt128)number, pdq, 100), null, image);
    }
}
