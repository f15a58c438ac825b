using System.Collections.Frozen;

namespace WebImageText.Crawl.Extract.Charsets;

/// <summary>A character encoding of the web, by its name in the WHATWG Encoding Standard.</summary>
internal sealed class Charset
{
    private const int LongestLabel = 32;

    private static readonly FrozenDictionary<string, Charset> ByLabel = CharsetLabels.All
        .Select(row => (Charset: new Charset(row.Name, row.CodePage), row.Labels))
        .SelectMany(row => row.Labels.Split(' ').Select(label => KeyValuePair.Create(label, row.Charset)))
        .ToFrozenDictionary();

    private static readonly FrozenDictionary<string, Charset>.AlternateLookup<ReadOnlySpan<char>> BySpan =
        ByLabel.GetAlternateLookup<ReadOnlySpan<char>>();

    public static readonly Charset Utf8 = ByLabel["utf-8"];
    public static readonly Charset Utf16LittleEndian = ByLabel["utf-16le"];
    public static readonly Charset Utf16BigEndian = ByLabel["utf-16be"];
    public static readonly Charset Windows1252 = ByLabel["windows-1252"];
    public static readonly Charset UserDefined = ByLabel["x-user-defined"];

    private readonly Lazy<TextDecoder?> _decoder;

    private Charset(string name, int codePage) => (Name, _decoder) = (name, new(() => DecoderOf(name, codePage)));

    /// <summary>For example <c>UTF-8</c>, <c>windows-1252</c>, <c>Shift_JIS</c>, <c>replacement</c>.</summary>
    public string Name { get; }

    /// <summary>Null for <c>replacement</c>: encodings that can smuggle mark-up past a reader, whose text is refused.</summary>
    public TextDecoder? Decoder => _decoder.Value;

    /// <summary>UTF-16 of either byte order.</summary>
    public bool IsUtf16 => this == Utf16LittleEndian || this == Utf16BigEndian;

    /// <summary>The encoding that a page means by a label ("get an encoding"), or null.</summary>
    public static Charset? FromLabel(ReadOnlySpan<char> label)
    {
        label = label.Trim(" \t\n\f\r");
        Span<char> lower = stackalloc char[LongestLabel];
        if (label.Length > lower.Length)
            return null;
        var length = label.ToLowerInvariant(lower);
        return BySpan.TryGetValue(lower[..length], out var charset) ? charset : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static TextDecoder? DecoderOf(string name, int codePage) => name switch
    {
        "replacement" => null,
        "UTF-8" or "UTF-16LE" or "UTF-16BE" or "GBK" or "gb18030" or "ISO-2022-JP" => TextDecoder.OfFramework(codePage),
        "Big5" => DoubleByteDecoder.Big5(),
        "EUC-KR" => DoubleByteDecoder.EucKr(),
        "Shift_JIS" => DoubleByteDecoder.ShiftJis(),
        "EUC-JP" => DoubleByteDecoder.EucJp(),
        "ISO-8859-10" => SingleByteDecoder.OfIso8859(10),
        "ISO-8859-14" => SingleByteDecoder.OfIso8859(14),
        "ISO-8859-16" => SingleByteDecoder.OfIso8859(16),
        "ISO-8859-8-I" => SingleByteDecoder.Of("ISO-8859-8", codePage),
        "x-user-defined" => SingleByteDecoder.UserDefined(),
        _ => SingleByteDecoder.Of(name, codePage),
    };
}
