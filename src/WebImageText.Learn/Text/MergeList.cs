using System.IO.Compression;
using System.Text;

namespace WebImageText.Learn.Text;

/// <summary>The merges of a byte-pair vocabulary, in the order in which they were learned: first ranks first.</summary>
/// <remarks>
/// Ids: 256 bytes, the same 256 at the end of a word, one per merge, start of text, end of text. The file is CLIP's: gzip or plain,
/// a first line that is not read, then two symbols a line.
/// </remarks>
internal sealed class MergeList
{
    /// <summary>Merges that CLIP's file is read to; what follows there belongs to a larger vocabulary.</summary>
    public const int Most = 49_152 - 256 - 2;

    /// <summary>What the last symbol of a word ends with.</summary>
    public const string WordEnd = "</w>";

    private const int MostBytes = 64 << 20;

    private readonly Dictionary<(int Left, int Right), int> _merged = [];
    private readonly Dictionary<string, int> _ids = [];
    private readonly List<string> _symbols = [];

    private MergeList()
    {
        foreach (var character in ByteSymbols.Characters)
            Add(character.ToString());
        foreach (var character in ByteSymbols.Characters)
            Add(character + WordEnd);
    }

    /// <summary>Tokens in all.</summary>
    public int VocabularySize => _symbols.Count + 2;

    /// <summary>Symbols by id, without start and end of text.</summary>
    public IReadOnlyList<string> Symbols => _symbols;

    /// <summary>The merges as they stand in the file.</summary>
    public List<string> Lines { get; } = [];

    /// <summary>The symbol that two make, or -1. A lower one was learned earlier.</summary>
    public int Merge(int left, int right) => _merged.GetValueOrDefault((left, right), -1);

    /// <summary>Reads a vocabulary file.</summary>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public static MergeList Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file, path);
    }

    /// <summary>Reads a vocabulary from a stream.</summary>
    /// <param name="stream">Gzip or plain text.</param>
    /// <param name="name">For errors.</param>
    /// <exception cref="InvalidDataException">It is not one.</exception>
    public static MergeList Read(Stream stream, string name)
    {
        var first = new byte[2];
        var got = stream.ReadAtLeast(first, 2, throwOnEndOfStream: false);
        stream.Seek(-got, SeekOrigin.Current);
        var isGzip = first is [0x1F, 0x8B];
        using var text = new MemoryStream();
        using (var plain = isGzip ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true) : null)
            CopyBounded(plain ?? stream, text, name);
        text.Position = 0;
        var list = new MergeList();
        using var lines = new StreamReader(text, new UTF8Encoding(false, throwOnInvalidBytes: true));
        lines.ReadLine();
        while (list.Lines.Count < Most && lines.ReadLine() is { } line)
        {
            if (line.Length > 0)
                list.Append(line, name);
        }
        return list.Lines.Count > 0 ? list : throw new InvalidDataException($"'{name}' holds no merges: it is no CLIP vocabulary.");
    }

    private void Append(string line, string name)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || !_ids.TryGetValue(line[..space], out var left) || !_ids.TryGetValue(line[(space + 1)..], out var right)
            || !_ids.TryAdd(line[..space] + line[(space + 1)..], _symbols.Count))
            throw new InvalidDataException($"'{name}', merge {Lines.Count + 1} ('{line}'): two symbols that stand before it, and whose sum does not, are expected.");
        _merged[(left, right)] = _symbols.Count;
        _symbols.Add(line[..space] + line[(space + 1)..]);
        Lines.Add(line);
    }

    private void Add(string symbol)
    {
        _ids[symbol] = _symbols.Count;
        _symbols.Add(symbol);
    }

    private static void CopyBounded(Stream from, Stream to, string name)
    {
        var buffer = new byte[1 << 16];
        var total = 0L;
        while (from.Read(buffer) is > 0 and var got)
        {
            if ((total += got) > MostBytes)
                throw new InvalidDataException($"'{name}' is larger than {MostBytes} bytes: it is no CLIP vocabulary.");
            to.Write(buffer, 0, got);
        }
    }
}
