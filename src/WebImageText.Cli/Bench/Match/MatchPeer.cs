using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace WebImageText.Cli.Bench.Match;

/// <summary>What pyahocorasick did with the same queries and texts.</summary>
/// <param name="BuildSeconds">CPU seconds of adding all keys and making the automaton.</param>
/// <param name="MemoryBytes">Growth of its process's resident memory by the automaton.</param>
/// <param name="MatchSeconds">CPU seconds for all texts.</param>
/// <param name="TextBytes">UTF-8 bytes of the texts as they were given, line feeds included.</param>
/// <param name="Count">Occurrences, of every query each.</param>
/// <param name="Checksum">Of text number and query row of every occurrence; see <see cref="MatchChecksum"/>.</param>
internal sealed record MatchPeer(double BuildSeconds, long MemoryBytes, double MatchSeconds, long TextBytes, long Count, ulong Checksum)
{
    private const string Python = "/usr/bin/python3";

    private static readonly JsonSerializerOptions SnakeCase = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Whether Debian's python3-ahocorasick is installed.</summary>
    public static bool IsHere() => File.Exists(Python) && Run("-c", "import ahocorasick").ExitCode == 0;

    /// <summary>Runs the peer in a process of its own.</summary>
    /// <param name="folder">An empty folder for its files.</param>
    /// <param name="queries">All queries, by row.</param>
    /// <param name="texts">The texts, by number.</param>
    public static MatchPeer Measure(string folder, IEnumerable<string> queries, IEnumerable<string> texts)
    {
        var (script, list, lines) = (Path.Combine(folder, "peer.py"), Path.Combine(folder, "queries.txt"), Path.Combine(folder, "texts.txt"));
        File.WriteAllText(script, Script());
        File.WriteAllText(list, Lines(queries), new UTF8Encoding(false));
        File.WriteAllText(lines, Lines(texts), new UTF8Encoding(false));
        var (exitCode, output) = Run(script, list, lines);
        return exitCode == 0 ? JsonSerializer.Deserialize<MatchPeer>(output, SnakeCase)!
            : throw new InvalidOperationException($"The peer, '{Python} {script}', ended with {exitCode}.");
    }

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string Script()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("match_pyahocorasick.py")!;
        return new StreamReader(stream).ReadToEnd();
    }

    private static (int ExitCode, string Output) Run(params string[] arguments)
    {
        using var python = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = arguments[0] == "-c" })!;
        var output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, output);
    }
}

/// <summary>The same sum in both programs tells that both found the same queries in the same texts, as often.</summary>
internal struct MatchChecksum
{
    public long Count { get; private set; }

    /// <summary>The squares of text number times 1,000,003 plus row, added up modulo 2^64.</summary>
    public ulong Sum { get; private set; }

    public void Add(int text, int row)
    {
        Count++;
        var place = (ulong)text * 1_000_003 + (ulong)row;
        Sum += place * place;
    }
}
