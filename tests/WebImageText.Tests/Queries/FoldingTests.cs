using WebImageText.Crawl.Queries;

namespace WebImageText.Tests.Queries;

public class FoldingTests
{
    // What a character may join: letters with accents, kana and jamo that combine, marks of several classes.
    private static readonly string[] Before = ["", "a", "e\u0323", "s", "か", "ｶ", "ᄀ", "가", "ㄱ", "ก", "ក", "က", "α", "I", "ا", "\u00AD", "1", "."];

    [Fact]
    public void Every_character_alone_and_after_others_folds_as_the_whole_text_would()
    {
        List<string> faults = [];
        foreach (var character in Characters())
        {
            foreach (var before in Before)
            {
                var text = before + character + "x";
                if (Folding.FoldAll(text) != MatchReference.Folded(text))
                    faults.Add($"U+{char.ConvertToUtf32(character, 0):X4} after '{before}': '{Folding.FoldAll(text)}', not '{MatchReference.Folded(text)}'");
            }
        }
        Assert.True(faults.Count == 0, $"{faults.Count} do not: {string.Join('\n', faults.Take(40))}");
    }

    // All below the ideographs, of the large blocks of like characters some, all compatibility forms, mathematical letters; not the ignored marks of
    // musical notation, which the reference does not know.
    private static IEnumerable<string> Characters()
    {
        foreach (var (from, to, step) in ((int, int, int)[])[(1, 0x33FF, 1), (0x3400, 0xABFF, 97), (0xAC00, 0xD7FF, 31), (0xF900, 0xFFFD, 1), (0x10000, 0x1D172, 7), (0x1D17B, 0x1F2FF, 7), (0x20000, 0x2FA1F, 499)])
        {
            for (var value = from; value <= to; value += step)
                yield return char.ConvertFromUtf32(value);
        }
    }
}
