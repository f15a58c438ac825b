using System.Globalization;
using System.Text;

namespace WebImageText.Shards.Select;

/// <summary>A word of a condition: a name, number, text or sign, and where it stands.</summary>
/// <param name="Kind">n a name, 1 a number, t a text, s a sign, e the end.</param>
/// <param name="Text">As written; of a text its content.</param>
/// <param name="At">Where it begins.</param>
internal readonly record struct FilterWord(char Kind, string Text, int At)
{
    /// <summary>It is this sign or, whatever its case, this name.</summary>
    public bool Is(string word) => Kind is 's' or 'n' && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Parts a condition into words.</summary>
    /// <exception cref="FormatException">A character belongs to no word, or a text has no end.</exception>
    public static IReadOnlyList<FilterWord> Of(string text)
    {
        var words = new List<FilterWord>();
        var at = 0;
        while (at < text.Length)
        {
            var begin = at;
            var letter = text[at];
            if (char.IsWhiteSpace(letter))
                at++;
            else if (letter == '\'')
                words.Add(new('t', Quoted(text, ref at), begin));
            else if (char.IsAsciiLetter(letter) || letter == '_')
                words.Add(new('n', Run(text, ref at, c => char.IsAsciiLetterOrDigit(c) || c == '_'), begin));
            else if (char.IsAsciiDigit(letter) || (letter == '.' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1])))
                words.Add(Number(text, ref at));
            else if (at + 1 < text.Length && text.Substring(at, 2) is "<=" or ">=" or "<>" or "!=")
                words.Add(new('s', text.Substring((at += 2) - 2, 2), begin));
            else if ("=<>+-*/(),".Contains(letter, StringComparison.Ordinal))
                words.Add(new('s', text.Substring(at++, 1), begin));
            else
                throw new FormatException($"'{letter}' at {at + 1} belongs to no word of a condition.");
        }
        words.Add(new('e', "the end", text.Length));
        return words;
    }

    private static string Run(string text, ref int at, Func<char, bool> belongs)
    {
        var begin = at;
        while (at < text.Length && belongs(text[at]))
            at++;
        return text[begin..at];
    }

    private static FilterWord Number(string text, ref int at)
    {
        var begin = at;
        Run(text, ref at, c => char.IsAsciiDigit(c) || c == '.');
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at++;
            if (at < text.Length && text[at] is '+' or '-')
                at++;
            Run(text, ref at, char.IsAsciiDigit);
        }
        var digits = text[begin..at];
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
            ? new('1', digits, begin)
            : throw new FormatException($"'{digits}' at {begin + 1} is no number.");
    }

    private static string Quoted(string text, ref int at)
    {
        var (begin, content) = (at++, new StringBuilder());
        while (at < text.Length)
        {
            if (text[at] != '\'')
                content.Append(text[at++]);
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                content.Append('\'');
                at += 2;
            }
            else
            {
                at++;
                return content.ToString();
            }
        }
        throw new FormatException($"The text that begins at {begin + 1} has no end.");
    }
}
