using System.Diagnostics;
using System.Text;
using CsCheck;
using WebImageText.Crawl.Extract;

namespace WebImageText.Tests.Extract;

public class CleanTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("  a \t\r\n b\u00A0\u3000c\u2028d\u0085e ", "a b c d e")]
    [InlineData("a\0b\u0007c\u009Fd\uFFFDe", "abcde")]
    [InlineData("\u202Eevil\u202C", "evil")]
    [InlineData("a\u200Bb\u200C\u200D\u2060\uFEFF\u00ADc", "abc")]
    [InlineData("Cafe\u0301 A\u030Angstro\u0308m", "Café Ångström")]
    [InlineData("a \u200B b", "a b")]
    [InlineData("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645")]
    [InlineData("👩\u200D🚀 and a\u200D🚀", "👩\u200D🚀 and a🚀")]
    [InlineData("❤\uFE0F", "❤\uFE0F")]
    [InlineData("\uFDD0x\uFFFE", "x")]
    [InlineData("=HYPERLINK(\"x\") <script> &amp; ../../etc", "=HYPERLINK(\"x\") <script> &amp; ../../etc")]
    public void Only_what_can_be_seen_stays(string raw, string text) => Assert.Equal(text, CleanText.Of(raw, 100));

    [Fact]
    public void Lone_surrogates_are_left_out() => Assert.Equal("ab", CleanText.Of(new string(['a', '\uD83D', 'b', '\uDE00']), 100));

    [Theory]
    [InlineData("abcdef", "abc")]
    [InlineData("ab cdef", "ab")]
    [InlineData("😀😀😀😀", "😀😀😀")]
    [InlineData("e\u0301e\u0301", "éé")]
    public void Long_texts_are_cut_at_code_points(string raw, string text) => Assert.Equal(text, CleanText.Of(raw, text == "éé" ? 4 : 3));

    [Fact]
    public void A_tower_of_marks_is_no_writing_and_costs_no_time()
    {
        var tower = "Z" + string.Concat(Enumerable.Repeat("\u0351\u0327", 500_000));
        var watch = Stopwatch.StartNew();

        var text = CleanText.Of(tower, 2_000);

        Assert.InRange(text.Length, 2, 32);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"took {watch.Elapsed}");
    }

    [Fact]
    public void What_is_clean_stays_as_it_is() => Gen.String[Gen.Char, 0, 80].Sample(raw =>
    {
        var text = CleanText.Of(raw, 40);
        return text == CleanText.Of(text, 40) && text.IsNormalized(NormalizationForm.FormC) && text.EnumerateRunes().Count() <= 40;
    });
}
