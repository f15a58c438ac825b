namespace WebImageText.Crawl.Extract.Charsets;

/// <summary>An encoding in which each byte from 0x80 is one character, and each below it is ASCII.</summary>
/// <param name="upper">The 128 characters of the bytes 0x80-0xFF; U+FFFD where there is none.</param>
internal sealed class SingleByteDecoder(string upper) : TextDecoder
{
    // Where the framework's table says something else than the standard's index, or lacks the encoding.
    private static readonly Dictionary<string, string> Differences = new()
    {
        ["ISO-8859-7"] = "\u00A1\u2018\u00A2\u2019\u00A4\u20AC\u00A5\u20AF\u00AA\u037A",
        ["ISO-8859-8"] = "\u00AF\u00AF\u00FD\u200E\u00FE\u200F",
        ["macintosh"] = "\u00BD\u03A9",
        ["x-mac-cyrillic"] = "\u00A2\u0490\u00B6\u0491\u00FF\u20AC",
    };

    // The bytes 0xA0-0xFF of what the framework lacks.
    private const string Iso8859Part10 =
        "\u00A0ĄĒĢĪĨĶ§ĻĐŠŦŽ\u00ADŪŊ°ąēģīĩķ·ļđšŧž―ūŋĀÁÂÃÄÅÆĮČÉĘËĖÍÎÏÐŅŌÓÔÕÖŨØŲÚÛÜÝÞßāáâãäåæįčéęëėíîïðņōóôõöũøųúûüýþĸ";
    private const string Iso8859Part14 =
        "\u00A0Ḃḃ£ĊċḊ§Ẁ©ẂḋỲ\u00AD®ŸḞḟĠġṀṁ¶ṖẁṗẃṠỳẄẅṡÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏŴÑÒÓÔÕÖṪØÙÚÛÜÝŶßàáâãäåæçèéêëìíîïŵñòóôõöṫøùúûüýŷÿ";
    private const string Iso8859Part16 =
        "\u00A0ĄąŁ€„Š§š©Ș«Ź\u00ADźŻ°±ČłŽ”¶·žčș»ŒœŸżÀÁÂĂÄĆÆÇÈÉÊËÌÍÎÏĐŃÒÓÔŐÖŚŰÙÚÛÜĘȚßàáâăäćæçèéêëìíîïđńòóôőöśűùúûüęțÿ";

    /// <inheritdoc/>
    public override int Decode(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        for (var i = 0; i < bytes.Length; i++)
            chars[i] = bytes[i] < 0x80 ? (char)bytes[i] : upper[bytes[i] - 0x80];
        return bytes.Length;
    }

    /// <summary>An encoding of the framework, corrected to the standard's index of that name.</summary>
    public static SingleByteDecoder Of(string name, int codePage)
    {
        var table = new char[128];
        var encoding = Replacing(codePage);
        for (var i = 0; i < table.Length; i++)
        {
            var character = encoding.GetString([(byte)(0x80 + i)])[0];
            // the framework gives a byte without a character one of the private use area; U+F8FF is Apple's own
            table[i] = character is >= '\uF700' and < '\uF8FF' ? '\uFFFD' : character;
        }
        if (Differences.TryGetValue(name, out var pairs))
        {
            for (var i = 0; i < pairs.Length; i += 2)
                table[pairs[i] - 0x80] = pairs[i + 1];
        }
        return new(new string(table));
    }

    /// <summary>ISO-8859-10, -14 or -16.</summary>
    public static SingleByteDecoder OfIso8859(int part) => new(string.Create(128, part, static (table, part) =>
    {
        for (var i = 0; i < 32; i++)
            table[i] = (char)(0x80 + i);
        (part switch { 10 => Iso8859Part10, 14 => Iso8859Part14, _ => Iso8859Part16 }).CopyTo(table[32..]);
    }));

    /// <summary>x-user-defined: the bytes from 0x80 are U+F780-U+F7FF.</summary>
    public static SingleByteDecoder UserDefined() => new(string.Create(128, 0, static (table, _) =>
    {
        for (var i = 0; i < table.Length; i++)
            table[i] = (char)(0xF780 + i);
    }));
}
