using System.Text;

namespace WebImageText.Addresses;

/// <summary>Punycode: Unicode labels as ASCII, and back (RFC 3492). Takes quadratic time: the caller bounds the length.</summary>
internal static class Punycode
{
    /// <summary>What a label in Punycode begins with.</summary>
    public const string Prefix = "xn--";

    private const int Base = 36, Least = 1, Most = 26, Skew = 38, Damp = 700, FirstBias = 72, FirstCodePoint = 128;

    /// <summary>The label without its prefix, in ASCII.</summary>
    public static string Encode(ReadOnlySpan<char> label)
    {
        var runes = new List<int>(label.Length);
        var ascii = new StringBuilder(label.Length * 2);
        foreach (var rune in label.EnumerateRunes())
        {
            runes.Add(rune.Value);
            if (rune.IsAscii)
                ascii.Append((char)rune.Value);
        }
        int basic = ascii.Length, handled = basic, next = FirstCodePoint, delta = 0, bias = FirstBias;
        if (basic > 0)
            ascii.Append('-');
        while (handled < runes.Count)
        {
            var least = runes.Where(rune => rune >= next).Min();
            delta += (least - next) * (handled + 1);
            next = least;
            foreach (var rune in runes)
            {
                if (rune < next)
                    delta++;
                if (rune != next)
                    continue;
                AppendNumber(ascii, delta, bias);
                bias = Adapt(delta, ++handled, first: handled == basic + 1);
                delta = 0;
            }
            delta++;
            next++;
        }
        return ascii.ToString();
    }

    /// <summary>The Unicode label of an ASCII one without its prefix; null when it is broken.</summary>
    public static string? Decode(ReadOnlySpan<char> ascii)
    {
        var runes = new List<int>(ascii.Length);
        var basic = Math.Max(0, ascii.LastIndexOf('-'));
        foreach (var letter in ascii[..basic])
            runes.Add(letter);
        long next = FirstCodePoint, at = 0;
        var bias = FirstBias;
        for (var read = basic > 0 ? basic + 1 : 0; read < ascii.Length;)
        {
            long before = at, weight = 1;
            for (var position = Base; ; position += Base)
            {
                if (read == ascii.Length || DigitValue(ascii[read++]) is not (>= 0 and var digit))
                    return null;
                at += digit * weight;
                if (at > int.MaxValue)
                    return null;
                var threshold = Math.Clamp(position - bias, Least, Most);
                if (digit < threshold)
                    break;
                weight *= Base - threshold;
            }
            bias = Adapt((int)(at - before), runes.Count + 1, first: before == 0);
            next += at / (runes.Count + 1);
            at %= runes.Count + 1;
            if (!Rune.IsValid((int)Math.Min(next, int.MaxValue)))
                return null;
            runes.Insert((int)at++, (int)next);
        }
        var label = new StringBuilder(runes.Count);
        foreach (var rune in runes)
            label.Append(new Rune(rune).ToString());
        return label.ToString();
    }

    private static void AppendNumber(StringBuilder ascii, int number, int bias)
    {
        for (var position = Base; ; position += Base)
        {
            var threshold = Math.Clamp(position - bias, Least, Most);
            if (number < threshold)
                break;
            ascii.Append(Digit(threshold + (number - threshold) % (Base - threshold)));
            number = (number - threshold) / (Base - threshold);
        }
        ascii.Append(Digit(number));
    }

    private static int Adapt(int delta, int count, bool first)
    {
        delta = first ? delta / Damp : delta / 2;
        delta += delta / count;
        var position = 0;
        for (; delta > (Base - Least) * Most / 2; position += Base)
            delta /= Base - Least;
        return position + (Base - Least + 1) * delta / (delta + Skew);
    }

    private static char Digit(int value) => (char)(value < 26 ? 'a' + value : '0' + value - 26);

    private static int DigitValue(char digit) => char.IsAsciiLetter(digit) ? (digit | 0x20) - 'a'
        : char.IsAsciiDigit(digit) ? digit - '0' + 26
        : -1;
}
