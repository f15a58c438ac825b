using System.Text;

namespace WebImageText.Curate.Filter;

/// <summary>
/// Judges a candidate by its caption, before its image is fetched: <c>no_text</c>, then <c>text_too_short</c> or
/// <c>text_too_long</c>, then <c>no_text</c> for what only looks like a text, then <c>language</c>. Safe for many threads at once.
/// </summary>
public sealed class TextJudge
{
    private readonly TextOptions _options;
    private readonly LanguageIdentifier? _languages;

    /// <summary>A judge with these options.</summary>
    /// <exception cref="ArgumentException">A language has no model.</exception>
    public TextJudge(TextOptions options)
    {
        _options = options;
        _languages = options.Languages.Count > 0 ? new LanguageIdentifier(options.Languages) : null;
    }

    /// <summary>Why the candidate's caption is refused; null when it is kept.</summary>
    public Drop? Judge(Candidate candidate)
    {
        if (candidate.Caption?.Text is not { } text || string.IsNullOrWhiteSpace(text))
            return new(DropReason.NoText);
        return Length(text) ?? Noise(text) ?? (_languages?.Refuse(text) is { } other ? new(DropReason.Language, other) : null);
    }

    private Drop? Noise(string text) =>
        _options.DropFileNames && CaptionNoise.IsFileName(text) ? new(DropReason.NoText, "the name of a file")
        : _options.DropBoilerplate && CaptionNoise.IsBoilerplate(text) ? new(DropReason.NoText, "a phrase of a page builder")
        : null;

    private Drop? Length(string text)
    {
        var (words, characters) = Count(text);
        return words < _options.MinWords ? new(DropReason.TextTooShort, $"{words} words, least {_options.MinWords}")
            : characters < _options.MinCharacters
                ? new(DropReason.TextTooShort, $"{characters} characters, least {_options.MinCharacters}")
            : words > _options.MaxWords ? new(DropReason.TextTooLong, $"{words} words, most {_options.MaxWords}")
            : characters > _options.MaxCharacters
                ? new(DropReason.TextTooLong, $"{characters} characters, most {_options.MaxCharacters}")
            : null;
    }

    private static (int Words, int Characters) Count(string text)
    {
        var (words, characters, spaceless, inWord) = (0, 0, 0, false);
        foreach (var rune in text.EnumerateRunes())
        {
            characters++;
            if (Scripts.IsWrittenWithoutSpaces(Scripts.Of(rune)))
            {
                spaceless++;
                inWord = false;
            }
            else if (Rune.IsWhiteSpace(rune))
                inWord = false;
            else if (!inWord)
            {
                words++;
                inWord = true;
            }
        }
        return (words + (spaceless + 1) / 2, characters);
    }
}
