using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace WebImageText.Addresses;

/// <summary>Bidirectional classes that the rule for labels tells apart (RFC 5893); S, B, WS and the rest are Other.</summary>
internal enum BidiClass : byte { Other, L, R, AL, AN, EN, ES, CS, ET, ON, BN, NSM }

/// <summary>Joining types that the rule for the zero-width non-joiner tells apart (RFC 5892, appendix A.1).</summary>
internal enum JoiningType : byte { None, L, R, D, T }

/// <summary>How a code point is treated in a name.</summary>
/// <param name="Allowed">It may stand in a converted label.</param>
/// <param name="Mapping">What takes its place before conversion, empty where it is dropped; null for itself.</param>
/// <param name="Bidi">Its bidirectional class.</param>
/// <param name="Joining">Its joining type.</param>
/// <param name="Mark">It is a combining mark: no label begins with it.</param>
/// <param name="Virama">A joiner may follow it.</param>
internal sealed record NameCharacter(bool Allowed, string? Mapping, BidiClass Bidi, JoiningType Joining, bool Mark, bool Virama);

/// <summary>Every code point's treatment in names: UTS #46, Unicode 17.0. build/Uts46Table.cs makes the data.</summary>
internal static class Uts46Table
{
    private static readonly Lazy<(int[] Starts, NameCharacter[] Characters)> Runs = new(Load);

    public static NameCharacter Of(Rune rune)
    {
        var (starts, characters) = Runs.Value;
        var at = Array.BinarySearch(starts, rune.Value);
        return characters[at >= 0 ? at : ~at - 1];
    }

    private static (int[], NameCharacter[]) Load()
    {
        using var file = typeof(Uts46Table).Assembly.GetManifestResourceStream("uts46.txt.gz")!;
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress), Encoding.ASCII);
        var starts = new List<int>(10_000);
        var characters = new List<NameCharacter>(10_000);
        var known = new Dictionary<string, NameCharacter>();
        while (text.ReadLine() is { } line)
        {
            var (code, treatment) = (line.IndexOf(' '), line[(line.IndexOf(' ') + 1)..]);
            starts.Add(int.Parse(line.AsSpan(0, code), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            if (!known.TryGetValue(treatment, out var character))
                known[treatment] = character = Read(treatment.Split(' '));
            characters.Add(character);
        }
        return ([.. starts], [.. characters]);
    }

    private static NameCharacter Read(string[] words) => words[0] switch
    {
        "v" => new(true, null, Enum.TryParse<BidiClass>(words[1], out var bidi) ? bidi : default,
            words.Skip(2).Select(word => Enum.TryParse<JoiningType>(word, out var type) ? type : default).FirstOrDefault(),
            words.Skip(2).Contains("M"), words.Skip(2).Contains("V")),
        "m" => new(false, string.Concat(words[1..].Select(FromHex)), default, default, false, false),
        "i" => new(false, "", default, default, false, false),
        _ => new(false, null, default, default, false, false),
    };

    private static string FromHex(string hex) =>
        char.ConvertFromUtf32(int.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
