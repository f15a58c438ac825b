using System.Text;

namespace WebImageText.Addresses;

/// <summary>
/// Names in other scripts as the DNS knows them: UTS #46, ToASCII, with the flags of the URL Standard (section 3.3: bidi and
/// joiners are checked; hyphens, lengths and STD3 are not; nontransitional).
/// </summary>
/// <remarks>
/// Not IdnMapping: it maps transitionally (<c>faß</c> to <c>fass</c>), checks no bidi rule, refuses hyphens and empty labels
/// that the standard allows, and answers differently from machine to machine with the ICU that is there.
/// </remarks>
internal static class InternationalName
{
    /// <summary>
    /// Longest name that is converted, in UTF-16 code units: Punycode takes quadratic time, and no name in the DNS has more
    /// than 253 characters of ASCII.
    /// </summary>
    private const int LongestName = 1024;

    private const char NonJoiner = '\u200C', Joiner = '\u200D';

    /// <summary>The name in ASCII, lower case; null when it is none.</summary>
    public static string? ToAscii(ReadOnlySpan<char> name)
    {
        if (Map(name) is not { Length: <= LongestName } mapped)
            return null;
        var ascii = mapped.Split('.');
        var unicode = new string[ascii.Length];
        for (var at = 0; at < ascii.Length; at++)
        {
            if (Decode(ascii[at]) is not { } label)
                return null;
            unicode[at] = label;
            if (!Ascii.IsValid(ascii[at]))
                ascii[at] = Punycode.Prefix + Punycode.Encode(label);
        }
        var rightToLeft = unicode.Any(label => label.EnumerateRunes().Any(IsRightToLeft));
        return unicode.All(label => IsValid(label, rightToLeft)) ? string.Join('.', ascii) : null;
    }

    /// <summary>Step 1 and 2 of the processing: each code point by the table, then Unicode NFC.</summary>
    private static string? Map(ReadOnlySpan<char> name)
    {
        var mapped = new StringBuilder(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            var character = Uts46Table.Of(rune);
            if (character.Mapping is { } mapping)
                mapped.Append(mapping);
            else if (character.Allowed)
                mapped.Append(rune.ToString());
            else
                return null;
        }
        return mapped.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>The label in Unicode; null when it claims to be Punycode and is not, or need not be.</summary>
    private static string? Decode(string label)
    {
        if (!label.StartsWith(Punycode.Prefix, StringComparison.Ordinal))
            return label;
        return Ascii.IsValid(label) && Punycode.Decode(label.AsSpan(Punycode.Prefix.Length)) is { } decoded &&
            !Ascii.IsValid(decoded) && !decoded.StartsWith(Punycode.Prefix, StringComparison.Ordinal) &&
            // in this order: asked about a code point that is no character, IsNormalized throws
            decoded.EnumerateRunes().All(rune => Uts46Table.Of(rune).Allowed) && decoded.IsNormalized(NormalizationForm.FormC)
                ? decoded
                : null;
    }

    /// <summary>UTS #46, section 4.1, validity criteria.</summary>
    private static bool IsValid(string label, bool inRightToLeftName)
    {
        var runes = label.EnumerateRunes().ToArray();
        var characters = Array.ConvertAll(runes, Uts46Table.Of);
        if (characters.Length == 0)
            return true;
        if (characters[0].Mark || !characters.All(character => character.Allowed) || label.Contains('.'))
            return false;
        for (var at = 0; at < runes.Length; at++)
            if (runes[at].Value is NonJoiner or Joiner && !MayJoin(runes[at].Value, characters, at))
                return false;
        return !inRightToLeftName || ObeysBidiRule(Array.ConvertAll(characters, character => character.Bidi));
    }

    /// <summary>RFC 5892, appendices A.1, A.2: a joiner after a virama, a non-joiner between letters that would join.</summary>
    private static bool MayJoin(int joiner, NameCharacter[] characters, int at)
    {
        if (at > 0 && characters[at - 1].Virama)
            return true;
        if (joiner == Joiner)
            return false;
        int before = at - 1, after = at + 1;
        while (before >= 0 && characters[before].Joining == JoiningType.T)
            before--;
        while (after < characters.Length && characters[after].Joining == JoiningType.T)
            after++;
        return before >= 0 && characters[before].Joining is JoiningType.L or JoiningType.D &&
            after < characters.Length && characters[after].Joining is JoiningType.R or JoiningType.D;
    }

    /// <summary>RFC 5893, section 2.</summary>
    private static bool ObeysBidiRule(BidiClass[] classes)
    {
        var last = Array.FindLast(classes, type => type != BidiClass.NSM);
        return classes[0] switch
        {
            BidiClass.L => last is BidiClass.L or BidiClass.EN &&
                classes.All(type => type is not (BidiClass.R or BidiClass.AL or BidiClass.AN or BidiClass.Other)),
            BidiClass.R or BidiClass.AL => last is BidiClass.R or BidiClass.AL or BidiClass.EN or BidiClass.AN &&
                classes.All(type => type is not (BidiClass.L or BidiClass.Other)) &&
                !(classes.Contains(BidiClass.EN) && classes.Contains(BidiClass.AN)),
            _ => false,
        };
    }

    private static bool IsRightToLeft(Rune rune) => Uts46Table.Of(rune).Bidi is BidiClass.R or BidiClass.AL or BidiClass.AN;
}
