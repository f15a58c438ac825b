using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace WebImageText.Curate.Pixels;

/// <summary>
/// Reads an EXIF block (CIPA DC-008, TIFF 6.0) into the fields that img2dataset stores: <c>"Image Make": "Canon"</c>. Maker
/// notes, user comments and thumbnails are left out, and so is what is broken. No block can make it run long.
/// </summary>
internal sealed class Exif
{
    private const int MostEntries = 1_000, MostDirectories = 8, LongestText = 4_096, MostCharacters = 65_536, MostValues = 20;
    private const int Orientation = 0x0112, ExifOffset = 0x8769, LocationOffset = 0x8825, InteroperabilityOffset = 0xA005;

    // Bytes of a value by its type: byte, text, short, long, ratio; signed byte, undefined, short, long, ratio; float, double, offset.
    private static readonly int[] Lengths = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];

    // XMP, maker note, user comment: long, opaque, and left out by img2dataset too.
    private static readonly int[] LeftOut = [0x02BC, 0x927C, 0x9286];

    // Bytes that are text: versions, page name, author.
    private static readonly int[] Texts = [0x011D, 0x9000, 0x9C9D, 0xA000];

    private readonly ReadOnlyMemory<byte> _block;
    private readonly bool _little, _keepLocation;
    private readonly Dictionary<string, string> _fields = [];
    private readonly HashSet<uint> _seen = [];
    private int _characters;

    private readonly record struct Entry(int Tag, int Type, int Count, int At);

    private Exif(ReadOnlyMemory<byte> block, bool keepLocation) =>
        (_block, _little, _keepLocation) = (block, block.Span[0] == 'I', keepLocation);

    /// <summary>The orientation that a block declares, 1-8; 1 where it declares none or another.</summary>
    public static int OrientationOf(ReadOnlyMemory<byte> block)
    {
        if (!IsBlock(block.Span))
            return 1;
        var exif = new Exif(block, keepLocation: false);
        foreach (var entry in exif.Entries(exif.U32(4)))
            if (entry is { Tag: Orientation, Type: 3, Count: >= 1 })
                return exif.U16(entry.At) is >= 1 and <= 8 and var value ? (int)value : 1;
        return 1;
    }

    /// <summary>The fields of a block, from its TIFF header on, as one JSON object; null when there are none.</summary>
    public static string? Read(ReadOnlyMemory<byte> block, bool keepLocation)
    {
        if (!IsBlock(block.Span))
            return null;
        var exif = new Exif(block, keepLocation);
        uint? details = null;
        var at = exif.U32(4);
        for (var number = 0; at != 0 && number < MostDirectories && exif._seen.Add(at); number++)
        {
            exif.Directory(at, number switch { 0 => "Image", 1 => "Thumbnail", _ => $"IFD {number}" });
            foreach (var entry in exif.Entries(at))
                details ??= number == 0 && entry.Tag == ExifOffset ? exif.U32(entry.At) : null;
            at = exif.U32((long)at + 2 + 12 * exif.U16(at));
        }
        if (details is { } offset && exif._seen.Add(offset))
            exif.Directory(offset, "EXIF");
        return exif._fields.Count > 0 ? JsonSerializer.Serialize(exif._fields) : null;
    }

    /// <summary>The block begins with a TIFF header.</summary>
    public static bool IsBlock(ReadOnlySpan<byte> block) =>
        block.Length >= 8 && (block.StartsWith("II*\0"u8) || block.StartsWith("MM\0*"u8));

    private void Directory(uint at, string name)
    {
        foreach (var entry in Entries(at))
        {
            var isLocation = entry.Tag == LocationOffset;
            if (LeftOut.Contains(entry.Tag) || isLocation && !_keepLocation)
                continue;
            var inner = isLocation ? "GPS" : entry.Tag == InteroperabilityOffset ? "Interoperability" : null;
            if (inner is not null && name is not ("GPS" or "Interoperability") && _seen.Add(U32(entry.At)))
                Directory(U32(entry.At), inner);
            if (_fields.Count >= MostEntries || _characters >= MostCharacters)
                return;
            var text = Text(name, entry).Trim();
            _characters += text.Length;
            _fields[$"{name} {ExifTags.Name(name, entry.Tag)}"] = text;
        }
    }

    private IEnumerable<Entry> Entries(uint directory)
    {
        var count = Math.Min((int)U16(directory), MostEntries);
        for (var index = 0; index < count; index++)
        {
            var at = (long)directory + 2 + 12 * index;
            if (at + 12 > _block.Length)
                yield break;
            var (type, values) = (U16(at + 2), U32(at + 4));
            if (type == 0 || type >= Lengths.Length)
                continue;
            var place = values * (long)Lengths[type] <= 4 ? at + 8 : U32(at + 8);
            if (place + values * (long)Lengths[type] <= _block.Length)
                yield return new((int)U16(at), (int)type, (int)values, (int)place);
        }
    }

    private string Text(string directory, Entry entry)
    {
        if (entry.Type == 2)
            return AsciiText(entry);
        if (directory is not ("GPS" or "Interoperability") && Texts.Contains(entry.Tag) && entry.Type is 1 or 7 && entry.Count > 0)
        {
            var bytes = _block.Slice(entry.At, Math.Min(entry.Count, LongestText)).ToArray();
            var text = string.Concat(bytes.Where(value => value >= 32).Select(value => (char)value));
            if (text.Length > 0)
                return text;
        }
        if (ExifTags.HasWords(directory, entry.Tag) && entry.Type is not (5 or 10 or 11 or 12))
            return string.Concat(Enumerable.Range(0, Math.Min(entry.Count, MostValues))
                .Select(index => ExifTags.Word(entry.Tag, long.Parse(Value(entry, index), CultureInfo.InvariantCulture))));
        if (entry.Count == 1)
            return Value(entry, 0);
        // Longer lists are cut as img2dataset's reader cuts them, and lists of 1,000 left empty.
        if (entry.Count >= 1_000)
            return "[]";
        var shown = entry.Count > 50 ? MostValues : entry.Count;
        return $"[{string.Join(", ", Enumerable.Range(0, shown).Select(index => Value(entry, index)))}{(shown < entry.Count ? ", ... ]" : "]")}";
    }

    private string AsciiText(Entry entry)
    {
        var bytes = _block.Span.Slice(entry.At, Math.Min(entry.Count, LongestText));
        var end = bytes.IndexOf((byte)0);
        bytes = end >= 0 ? bytes[..end] : bytes;
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
    }

    private string Value(Entry entry, int index)
    {
        var at = entry.At + index * Lengths[entry.Type];
        var invariant = CultureInfo.InvariantCulture;
        return entry.Type switch
        {
            1 or 7 => _block.Span[at].ToString(invariant),
            3 => U16(at).ToString(invariant),
            4 or 13 => U32(at).ToString(invariant),
            5 => Ratio(U32(at), U32(at + 4)),
            6 => ((sbyte)_block.Span[at]).ToString(invariant),
            8 => ((short)U16(at)).ToString(invariant),
            9 => ((int)U32(at)).ToString(invariant),
            10 => Ratio((int)U32(at), (int)U32(at + 4)),
            11 => ((double)BitConverter.UInt32BitsToSingle(U32(at))).ToString("R", invariant),
            _ => BitConverter.UInt64BitsToDouble(_little ? (ulong)U32(at + 4) << 32 | U32(at) : (ulong)U32(at) << 32 | U32(at + 4))
                .ToString("R", invariant),
        };
    }

    private static string Ratio(long numerator, long denominator)
    {
        var divisor = denominator == 0 ? 1 : (long)BigInteger.GreatestCommonDivisor(numerator, denominator);
        (numerator, denominator) = denominator < 0
            ? (-numerator / divisor, -denominator / divisor)
            : (numerator / divisor, denominator / divisor);
        return denominator == 1 ? $"{numerator}" : $"{numerator}/{denominator}";
    }

    private uint U16(long at) => at < 0 || at + 2 > _block.Length ? 0u
        : _little ? BinaryPrimitives.ReadUInt16LittleEndian(_block.Span[(int)at..])
        : BinaryPrimitives.ReadUInt16BigEndian(_block.Span[(int)at..]);

    private uint U32(long at) => at < 0 || at + 4 > _block.Length ? 0
        : _little ? BinaryPrimitives.ReadUInt32LittleEndian(_block.Span[(int)at..])
        : BinaryPrimitives.ReadUInt32BigEndian(_block.Span[(int)at..]);
}
