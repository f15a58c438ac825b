using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.Queries.Wikipedia;

/// <summary>Cuts plain text into the words of a query list, and says which are neighbours.</summary>
/// <remarks>
/// A word is a run of letters, marks and digits with at least one letter; an apostrophe between two letters is part of it
/// (<c>don't</c>, <c>O'Neill</c>), a final <c>'s</c> is not. Two words are neighbours when only spaces stand between them.
/// </remarks>
internal ref struct WordScanner(ReadOnlySpan<char> text)
{
    /// <summary>UTF-16 code units of a word, at most; longer runs are no words.</summary>
    public const int MaxLength = 64;

    private readonly ReadOnlySpan<char> _text = text;
    private int _at;
    private bool _broken = true; // something other than spaces since the last word

    /// <summary>The word, with a typographic apostrophe as it stands.</summary>
    public ReadOnlySpan<char> Word { get; private set; }

    /// <summary>Whether only spaces stand between this word and the one before.</summary>
    public bool FollowsWord { get; private set; }

    /// <summary>Whether it is all ASCII.</summary>
    public bool IsAscii { get; private set; }

    /// <summary>Goes to the next word; false at the end.</summary>
    public bool Next()
    {
        while (true)
        {
            var length = 0;
            while (_at < _text.Length && (length = LetterAt(_at, out _)) == 0)
            {
                _broken |= _text[_at] != ' ';
                _at++;
            }
            if (_at >= _text.Length)
                return false;
            var start = _at;
            var hasLetter = false;
            IsAscii = true;
            while (true)
            {
                length = LetterAt(_at, out var isLetter);
                if (length == 0 && hasLetter && _at + 1 < _text.Length && _text[_at] is '\'' or '\u2019'
                    && IsLetter(_at - 1) && LetterAt(_at + 1, out var next) > 0 && next)
                {
                    length = 1;
                }
                if (length == 0)
                    break;
                hasLetter |= isLetter;
                IsAscii &= _text[_at] < 0x80;
                _at += length;
            }
            var word = _text[start.._at];
            if (!hasLetter || word.Length > MaxLength)
            {
                _broken = true;
                continue;
            }
            FollowsWord = !_broken;
            _broken = false;
            if (word.Length > 2 && word[^1] is 's' or 'S' && word[^2] is '\'' or '\u2019')
            {
                word = word[..^2];
                IsAscii = Ascii.IsValid(word);
            }
            Word = word;
            return true;
        }
    }

    private readonly bool IsLetter(int at) => at >= 0 && (char.IsLetter(_text[at]) || char.IsLowSurrogate(_text[at])
        || CharUnicodeInfo.GetUnicodeCategory(_text[at]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    /// <summary>Length of the letter, mark or digit there; 0 when there is none.</summary>
    private readonly int LetterAt(int at, out bool isLetter)
    {
        isLetter = false;
        if (at >= _text.Length)
            return 0;
        var c = _text[at];
        if (c < 0x80)
        {
            isLetter = char.IsAsciiLetter(c);
            return isLetter || char.IsAsciiDigit(c) ? 1 : 0;
        }
        if (Rune.DecodeFromUtf16(_text[at..], out var rune, out var length) != System.Buffers.OperationStatus.Done)
            return 0;
        var category = Rune.GetUnicodeCategory(rune);
        isLetter = category <= UnicodeCategory.OtherLetter;
        return category <= UnicodeCategory.OtherNumber ? length : 0;
    }
}
