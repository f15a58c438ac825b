using System.Collections.Frozen;

namespace WebImageText.Curate.Filter;

/// <summary>
/// Recognises English, and text that is plainly not, by frequent words: most captions need nothing dearer, and names or Latin
/// species do not mislead it as they mislead n-grams.
/// </summary>
internal static class EnglishWords
{
    /// <summary>What the words of a caption say about it.</summary>
    public enum Says
    {
        /// <summary>Too little: every word may be of another language.</summary>
        Nothing,
        /// <summary>Nothing but names, or a hint of English: others should be believed only when they are sure.</summary>
        PerhapsEnglish,
        /// <summary>It is English.</summary>
        English,
        /// <summary>It is written in another language.</summary>
        Other,
    }

    /// <summary>Weighs a caption in Latin letters.</summary>
    public static Says Weigh(ReadOnlySpan<char> text)
    {
        var (words, names, points, against) = (0, 0, 0, 0);
        Span<char> lower = stackalloc char[LongestWord];
        for (var at = 0; at < text.Length;)
        {
            var start = at;
            while (at < text.Length && (char.IsLetterOrDigit(text[at]) || char.IsSurrogate(text[at])))
                at++;
            var word = text[start..at];
            at++;
            if (word.IsEmpty || word.ContainsAnyInRange('0', '9'))
                continue;
            words++;
            var isName = char.IsUpper(word[0]);
            names += isName ? 1 : 0;
            // A capital letter inside a caption starts a name: it is no evidence against English.
            isName &= words > 1;
            if (!isName && word.ContainsAnyExceptInRange('\0', '\x7f'))
                against++;
            else if (word.Length <= LongestWord)
            {
                word.ToLowerInvariant(lower);
                var weight = Weights.TryGetValue(lower[..word.Length], out var found) ? found : 0;
                points += Math.Max(0, weight);
                against -= isName ? 0 : Math.Min(0, weight);
            }
        }
        return points >= Enough + Sure * against ? Says.English
            : points == 0 && against >= 3 && 3 * against >= words ? Says.Other
            : points > 0 && points >= 2 * against || names == words ? Says.PerhapsEnglish
            : Says.Nothing;
    }

    private const int LongestWord = 14;
    private const int Sure = 4, Likely = 2, Possible = 1, Foreign = -1;

    // One sure word, two likely ones, or a likely one and a possible one.
    private const int Enough = 3;

    // Function words of English and hardly anything else.
    private const string SureWords = """
        the and with from this that these those which who whose their his its he she they them you your our we us my
        are were been being have having has had did does doing not would could should cannot
        into onto upon through near between behind beside above below across around against inside outside along during before after
        while when where how why what there here only other another each every some any many much more most both either neither
        other such than then very just also too few own same out off down up
        about without within under toward towards among two three four five six seven eight nine ten
        """;

    // What captions are made of. Words that French, German, Spanish, Italian, Dutch, Danish or Swedish spell alike (portrait,
    // hotel, winter) are left out; single words of English stand in any language, so one is not enough.
    private const string LikelyWords = """
        of an by to for at as or was
        used using made makes making shown showing shows seen taken looking looks wearing holding sitting standing lying walking
        running playing eating drinking riding driving flying swimming sleeping cooking reading looking smiling waiting working
        living growing hanging resembling consisting consists found known called covered filled surrounded isolated
        white black blue yellow brown grey gray purple green red pink dark bright light wooden stone golden tall short small large big
        little old young new fresh high low wide narrow thick thin heavy soft hard sharp round flat broad front back left right top bottom
        upper lower open closed empty full beautiful pretty lovely happy cute vintage handmade homemade
        woman women man men girl girls boy boys child children people person crowd couple family mother father baby friends someone
        house home room kitchen bedroom bathroom wall walls door doors window windows roof floor stairs chair table desk bed couch
        lamp shelf drawer building tower church castle bridge street road town city village station shop store market
        house garden park field fields forest woods tree trees leaf leaves flower flowers flowering grass plant plants shrub
        mountain mountains hill hills river lake sea ocean beach shore island rock rocks waterfall sky skyline sunset sunrise cloud
        clouds rain snow night morning evening summer spring autumn view views scene landscape background foreground picture pictures
        image images photograph drawing drawn painting pattern seamless shape closeup
        dog dogs cat cats puppy kitten horse horses cow cows sheep pig goat bird birds fish snake bear wolf fox deer rabbit mouse
        tiger spider insect beetle butterfly animal animals feet wing wings tail fur feather feathers
        car cars truck bike bicycle boat ship train plane airplane aircraft wheel wheels engine seat
        food bread cheese cake pie apple apples egg eggs meat chicken beef soup salad sauce cup mug bowl plate dish glass bottle
        jar spoon knife fork water milk tea coffee beer wine strawberries fruit fruits vegetables recipe
        shirt dress skirt coat jacket trousers pants shoe shoes boots hat cap glove gloves watch ring necklace leather cloth wool
        head face hair eye eyes nose mouth ear ears neck hand hands arm arms leg legs foot skin bone
        book books paper box bag case tool tools machine wire rope handle button screen phone computer keyboard
        player players game games team goal match winner champion king queen soldier doctor teacher student chief
        war world year years day days week time life love work school free best sale buy review guide how
        kind type any variety breed having genus shaped device piece part parts set side edge
        usually often sometimes originally formerly native wild
        """;

    // English too, but other languages have a word that is spelt the same.
    private const string PossibleWords = "a in on is it be no one all over her him if so";

    // Frequent elsewhere and no English word. A name may hold one (Mona Lisa by Leonardo da Vinci), so one alone says little.
    private const string ForeignWords = """
        der das und ist mit auf ein eine einen einem einer im zum zur für von vom den dem des bei nach aus über nicht auch sich vor
        le les la du et est une un dans sur avec pour par au aux ce cette qui que sont plus chez sans sous vers entre
        el los las y una unos con del por para que se su en es como más sin sobre desde junto
        il lo gli uno di della dello dei delle nel nella che per alla dal dalla sul sulla degli questo
        um uma o os do dos da das em no na nos nas com pelo pela ao à são mais não
        de het een van op voor met bij uit naar niet zijn aan tegen vanaf
        och är på med av för till från ett som och det att inte mot
        og af til fra ikke er et den der paa ud ved foran
        w z na i do od nad pod przed po ze się jest dla przy oraz
        v s se na u k ze pro při nad od do je
        ve bir bu için ile olan gibi da
        yang dan dengan untuk dari ini itu pada adalah di atas depan oleh sebuah seorang
        și cu pe din la în o al ale lui spre lângă
        egy és az hogy nem van a felett
        ja on ei se yllä
        """;

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Weights = Weighted();

    private static FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Weighted()
    {
        var weights = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (words, weight) in new[]
            { (SureWords, Sure), (PossibleWords, Possible), (LikelyWords, Likely), (ForeignWords, Foreign) })
            foreach (var word in words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
                weights.TryAdd(word, weight);
        return weights.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
