using System.Globalization;
using System.Text;
using Lingua;

namespace WebImageText.Curate.Filter;

/// <summary>
/// Says whether a caption is written in another language than asked for. Captions are short and full of names, so it refuses
/// only what another language clearly beats: a doubtful caption stays. Safe for many threads; the models load on first need.
/// </summary>
/// <remarks>
/// Three steps, the cheap ones first: the script of the letters; for English, its frequent words (<see cref="EnglishWords"/>);
/// then Lingua's n-gram models of 1 to 5 letters. Lingua compares with the languages below only: memory grows with their
/// number (293 MB for these ten, 549 MB for seventeen), and a language without a model comes out as its nearest relative,
/// which is refused all the same. Its trigram-only mode needs 26 MB but refuses every tenth English caption.
/// </remarks>
internal sealed class LanguageIdentifier
{
    /// <summary>By how much of Lingua's probability another language must lead before a caption is refused.</summary>
    private const double ClearLead = 0.15;

    /// <summary>The lead over a caption that looks like English or is made of names.</summary>
    private const double SureLead = 0.35;

    /// <summary>Letters that are looked at: more do not change the answer, and a caption may be a whole book.</summary>
    private const int MostLetters = 300;

    private static readonly string[] LatinRivals = ["en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "id"];
    private static readonly string[][] OtherRivals = [["ru", "uk", "bg", "sr", "be", "mk"], ["ar", "fa", "ur"], ["hi", "mr"], ["ja", "zh"]];

    private readonly HashSet<Language> _wanted;
    private readonly HashSet<Script> _scripts;
    private readonly bool _english;
    private readonly Lazy<LanguageDetector> _detector;

    /// <param name="codes">ISO 639-1 codes of the languages that are kept; at least one.</param>
    /// <exception cref="ArgumentException">Lingua has no model of one of them.</exception>
    public LanguageIdentifier(IReadOnlyList<string> codes)
    {
        _wanted = [.. codes.Select(ByCode)];
        _scripts = [.. codes.SelectMany(Scripts.OfLanguage)];
        _english = codes.Contains("en");
        var rivals = OtherRivals.Where(group => group.Any(codes.Contains)).SelectMany(group => group);
        var known = codes.Concat(rivals).Concat(_scripts.Contains(Script.Latin) ? LatinRivals : []).Select(ByCode).Distinct().ToArray();
        _detector = new(() => LanguageDetectorBuilder.FromLanguages(known).WithPreloadedLanguageModels().Build());
    }

    /// <summary>The language that a caption is written in instead, with the evidence; null when the caption stays.</summary>
    public string? Refuse(string text)
    {
        if (text.Length > MostLetters)
            text = text[..(char.IsHighSurrogate(text[MostLetters - 1]) ? MostLetters - 1 : MostLetters)];
        if (OtherScript(text) is { } script)
            return $"written in {script} letters";
        return _english ? EnglishWords.Weigh(text) switch
        {
            EnglishWords.Says.English => null,
            EnglishWords.Says.Other => "frequent words of another language",
            EnglishWords.Says.PerhapsEnglish => ByModels(text, SureLead),
            _ => ByModels(text, ClearLead),
        } : ByModels(text, ClearLead);
    }

    private Script? OtherScript(string text)
    {
        Span<int> letters = stackalloc int[(int)Script.Other + 1];
        letters.Clear();
        foreach (var rune in text.EnumerateRunes())
            letters[(int)Scripts.Of(rune)]++;
        letters[(int)Script.None] = 0;
        var (own, all, most) = (0, 0, 0);
        for (var script = 0; script < letters.Length; script++)
        {
            own += _scripts.Contains((Script)script) ? letters[script] : 0;
            all += letters[script];
            most = letters[script] > letters[most] ? script : most;
        }
        return all > 0 && 2 * own < all ? (Script)most : null;
    }

    private string? ByModels(string text, double leastLead)
    {
        var values = _detector.Value.ComputeLanguageConfidenceValues(text);
        var (top, lead) = values.MaxBy(value => value.Value);
        if (lead == 0 || _wanted.Contains(top)) // without any letter that a model knows, nothing speaks against it
            return null;
        var (mine, own) = values.Where(value => _wanted.Contains(value.Key)).MaxBy(value => value.Value);
        return lead - own >= leastLead
            ? string.Create(CultureInfo.InvariantCulture, $"{Code(top)} {lead:f2}, {Code(mine)} {own:f2}")
            : null;
    }

    private static string Code(Language language) => language.IsoCode6391().ToString().ToLowerInvariant();

    private static Language ByCode(string code) =>
        Enum.GetValues<Language>().Where(language => language != Language.Unknown).Cast<Language?>()
            .FirstOrDefault(language => Code(language!.Value) == code)
        ?? throw new ArgumentException(
            $"'{code}' is no language that can be identified. Use ISO 639-1 codes in lower case, for example en, de or ja.");
}
