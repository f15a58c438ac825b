using System.Text;

namespace WebImageText.Curate.Filter;

/// <summary>A writing system; only those that tell languages apart.</summary>
internal enum Script
{
    /// <summary>No letter: digits, marks, signs.</summary>
    None, Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, Devanagari, Bengali, Gurmukhi, Gujarati, Tamil, Telugu, Sinhala, Thai,
    Lao, Burmese, Georgian, Hangul, Ethiopic, Khmer, Kana, Han, Other,
}

/// <summary>The script of a letter, and the scripts of a language.</summary>
internal static class Scripts
{
    // First code point of a block, in order, and the script of its letters (Unicode 16, Blocks.txt).
    private static readonly (int First, Script Script)[] Blocks =
    [
        (0x0000, Script.Latin), (0x0370, Script.Greek), (0x0400, Script.Cyrillic), (0x0530, Script.Armenian), (0x0590, Script.Hebrew),
        (0x0600, Script.Arabic), (0x0780, Script.Other), (0x08A0, Script.Arabic), (0x0900, Script.Devanagari), (0x0980, Script.Bengali),
        (0x0A00, Script.Gurmukhi), (0x0A80, Script.Gujarati), (0x0B00, Script.Other), (0x0B80, Script.Tamil), (0x0C00, Script.Telugu),
        (0x0C80, Script.Other), (0x0D80, Script.Sinhala), (0x0E00, Script.Thai), (0x0E80, Script.Lao), (0x0F00, Script.Other),
        (0x1000, Script.Burmese), (0x10A0, Script.Georgian), (0x1100, Script.Hangul), (0x1200, Script.Ethiopic), (0x13A0, Script.Other),
        (0x1780, Script.Khmer), (0x1800, Script.Other), (0x1C80, Script.Cyrillic), (0x1C90, Script.Georgian), (0x1CC0, Script.Other),
        (0x1D00, Script.Latin), (0x1F00, Script.Greek), (0x2000, Script.Latin), (0x2C00, Script.Other), (0x2C60, Script.Latin),
        (0x2C80, Script.Other), (0x2D80, Script.Ethiopic), (0x2DE0, Script.Cyrillic), (0x2E00, Script.Other), (0x2E80, Script.Han),
        (0x3040, Script.Kana), (0x3100, Script.Han), (0x3130, Script.Hangul), (0x3190, Script.Han), (0x31F0, Script.Kana),
        (0x3200, Script.Han), (0xA000, Script.Other), (0xA640, Script.Cyrillic), (0xA6A0, Script.Other), (0xA720, Script.Latin),
        (0xA800, Script.Other), (0xA8E0, Script.Devanagari), (0xA900, Script.Other), (0xA960, Script.Hangul), (0xA980, Script.Other),
        (0xAB30, Script.Latin), (0xAB70, Script.Other), (0xAC00, Script.Hangul), (0xD800, Script.Other), (0xF900, Script.Han),
        (0xFB00, Script.Latin), (0xFB1D, Script.Hebrew), (0xFB50, Script.Arabic), (0xFE00, Script.Other), (0xFE70, Script.Arabic),
        (0xFF00, Script.Latin), (0xFF66, Script.Kana), (0xFFA0, Script.Hangul), (0xFFE0, Script.Other), (0x1F100, Script.Latin),
        (0x1F200, Script.Other), (0x20000, Script.Han),
    ];

    /// <summary>The script of a letter; <see cref="Script.None"/> for anything that is no letter.</summary>
    public static Script Of(Rune rune)
    {
        if (rune.IsAscii)
            return char.IsAsciiLetter((char)rune.Value) ? Script.Latin : Script.None;
        if (!Rune.IsLetter(rune))
            return Script.None;
        var (low, high) = (0, Blocks.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = Blocks[middle].First <= rune.Value ? (middle, high) : (low, middle - 1);
        }
        return Blocks[low].Script;
    }

    /// <summary>Words of this script do not stand between spaces.</summary>
    public static bool IsWrittenWithoutSpaces(Script script) =>
        script is Script.Han or Script.Kana or Script.Thai or Script.Lao or Script.Khmer or Script.Burmese;

    /// <summary>The scripts in which a language is written, by its ISO 639-1 code; Latin for those not named.</summary>
    public static Script[] OfLanguage(string code) => code switch
    {
        "el" => [Script.Greek],
        "be" or "bg" or "kk" or "mk" or "mn" or "ru" or "sr" or "uk" => [Script.Cyrillic],
        "hy" => [Script.Armenian],
        "he" => [Script.Hebrew],
        "ar" or "fa" or "ur" => [Script.Arabic],
        "hi" or "mr" => [Script.Devanagari],
        "bn" => [Script.Bengali],
        "pa" => [Script.Gurmukhi],
        "gu" => [Script.Gujarati],
        "ta" => [Script.Tamil],
        "te" => [Script.Telugu],
        "si" => [Script.Sinhala],
        "th" => [Script.Thai],
        "ka" => [Script.Georgian],
        "ko" => [Script.Hangul],
        "am" or "ti" => [Script.Ethiopic],
        "ja" => [Script.Kana, Script.Han],
        "zh" => [Script.Han],
        _ => [Script.Latin],
    };
}
