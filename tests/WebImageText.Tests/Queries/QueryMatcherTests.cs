using CsCheck;
using WebImageText.Crawl.Queries;

namespace WebImageText.Tests.Queries;

public class QueryMatcherTests
{
    [Theory]
    [InlineData("dog", "the dog's bowl", "dog")]
    [InlineData("dog", "a pet (dog)", "dog")]
    [InlineData("dog", "cat/dog", "dog")]
    [InlineData("dog", "DOG", "DOG")]
    [InlineData("dog", "\"dog\"", "dog")]
    [InlineData("dog", "‘dog’", "dog")]
    [InlineData("dog", "guide_dog", "dog")]
    [InlineData("dog", "hot-dog", "dog")]
    [InlineData("dog", "ｄｏｇ", "ｄｏｇ")]
    [InlineData("dog", "𝐝𝐨𝐠", "𝐝𝐨𝐠")]
    [InlineData("dog", "do\u00ADg", "do\u00ADg")]
    [InlineData("dog's", "a dog's life", "dog's")]
    [InlineData("dog's", "a dog’s life", "dog’s")]
    [InlineData("hot-dog", "hot dog", "hot dog")]
    [InlineData("hot dog", "Hot-Dog", "Hot-Dog")]
    [InlineData("St. Louis", "in St. Louis, Missouri", "St. Louis")]
    [InlineData("St. Louis", "ST LOUIS", "ST LOUIS")]
    [InlineData("U.S.", "the U.S. Army", "U.S")]
    [InlineData("new york", "new  york", "new  york")]
    [InlineData("new york", "New\u00A0York", "New\u00A0York")]
    [InlineData("new york", "new\r\n\tyork", "new\r\n\tyork")]
    [InlineData("Washington, D.C.", "Washington, D.C.", "Washington, D.C")]
    [InlineData("Washington, D.C.", "washington d. c.", "washington d. c")]
    [InlineData("café", "CAFE\u0301!", "CAFE\u0301")]
    [InlineData("straße", "STRASSE", "STRASSE")]
    [InlineData("ΣΊΣΥΦΟΣ", "σίσυφος", "σίσυφος")]
    [InlineData("file", "a ﬁle", "ﬁle")]
    [InlineData("东京", "我爱东京塔", "东京")]
    [InlineData("ラーメン", "札幌ﾗｰﾒﾝ横丁", "ﾗｰﾒﾝ")]
    [InlineData("서울", "서울은 아름답다", "서울")]
    [InlineData("แมว", "ฉันรักแมวดำ", "แมว")]
    [InlineData("ແມວ", "ຂ້ອຍຮັກແມວດຳ", "ແມວ")]
    [InlineData("ឆ្មា", "ខ្ញុំស្រលាញ់ឆ្មាខ្មៅ", "ឆ្មា")]
    [InlineData("ကြောင်", "ငါကြောင်ကိုချစ်တယ်", "ကြောင်")]
    [InlineData("iphone", "苹果iPhone手机", "iPhone")]
    [InlineData("electroencephalographically", "Electroencephalographically speaking", "Electroencephalographically")]
    [InlineData("l'amour", "l´amour", "l´amour")]
    public void It_finds_a_query_on_word_boundaries(string query, string text, string found)
    {
        List<QueryHit> hits = [];
        QueryMatcher.Build(QueryList.Of([query])).Match(text, hits);

        var hit = Assert.Single(hits);
        Assert.Equal(found, text.Substring(hit.Start, hit.Length));
    }

    [Theory]
    [InlineData("dog", "hotdog")]
    [InlineData("dog", "dogs")]
    [InlineData("dog", "dog2")]
    [InlineData("new york", "something new, York")]
    [InlineData("new york", "new (york)")]
    [InlineData("new york", "newyork")]
    [InlineData("new york", "new")]
    [InlineData("cafe", "café")]
    [InlineData("cafe", "cafe\u0301")]
    [InlineData("东京", "东 京")]
    [InlineData("东京", "东、京")]
    [InlineData("กา", "ก่า")]
    [InlineData("ก", "ก่า")]
    [InlineData("!!!", "!!!")]
    [InlineData("electroencephalographically", "electroencephalographicaIly")]
    [InlineData("a", "")]
    public void It_finds_nothing_inside_words_or_across_the_end_of_a_phrase(string query, string text) =>
        Assert.Empty(QueryMatcher.Build(QueryList.Of([query])).Match(text));

    [Fact]
    public void Overlapping_and_equal_queries_are_all_reported()
    {
        var queries = QueryList.Of(["New York", "york city", "new york city", "NEW YORK", "city", "New, York"]);
        List<QueryHit> hits = [];

        QueryMatcher.Build(queries).Match("In New York City.", hits);

        Assert.Equal(
            ["3-8 New York", "3-8 NEW YORK", "3-8 New, York", "3-13 new york city", "7-9 york city", "12-4 city"],
            hits.Select(hit => $"{hit.Start}-{hit.Length} {queries[hit.Query.Row].Text}"));
    }

    [Fact]
    public void The_short_form_lists_each_query_once_in_the_order_of_the_list()
    {
        var matcher = QueryMatcher.Build(QueryList.Of(["dog", "cat"]));

        Assert.Equal([new(0), new(1)], matcher.Match("cat dog cat dog"));
    }

    // Few letters and all that parts or joins them, so that most cases are near misses.
    private static readonly string[] Pieces =
    [
        "a", "b", "ab", "A", "ba", " ", " ", "  ", ",", "'", "-", ".", "(", "\u00AD", "é", "e\u0301", "\u0301", "ß", "ﬁ", "fi", "İ", "1", "½", "東",
        "京", "ｱ", "ﾞ", "ก", "่", "ำ", "가", "ᅡ", "ᆨ", "ㅏ", "😀", "\uFE0F", "\uD83D", "abcdefghijklmnop", "abcdefghijklmnopq", "𝐚", "Σ", "ς", "\u200D", "ŉ", "ﬀ",
    ];

    private static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Select(at => Pieces[at]).Array[0, 12].Select(string.Concat);

    [Fact]
    public void It_agrees_with_the_slow_reference_on_100000_cases()
    {
        var cases = 0;
        Gen.Select(Texts.Array[1, 10], Texts.Array[10]).Sample((queries, texts) =>
        {
            string[] list = [.. queries.Where(IsWellFormed).Select(query => query.Trim().Normalize()).Where(query => query.Length > 0).Distinct()];
            if (list.Length == 0)
                return;
            var matcher = QueryMatcher.Build(QueryList.Of(list));
            foreach (var text in texts.Append(string.Concat(queries)))
            {
                Assert.Equal(MatchReference.Rows(list, text), matcher.Match(text).Select(id => id.Row));
                Interlocked.Add(ref cases, list.Length);
            }
        }, iter: 4000);
        Assert.True(cases >= 100_000, $"only {cases} cases were tried");
    }

    [Fact]
    public void A_hit_taken_out_of_the_text_still_holds_the_query() =>
        Gen.Select(Texts, Texts, Texts).Where(parts => IsWellFormed(parts.Item2) && parts.Item2.Trim().Length > 0).Sample((before, query, after) =>
        {
            var matcher = QueryMatcher.Build(QueryList.Of([query]));
            var text = before + " " + query + " " + after;
            List<QueryHit> hits = [];
            matcher.Match(text, hits);
            foreach (var hit in hits)
                Assert.NotEmpty(matcher.Match(text.Substring(hit.Start, hit.Length)));
        });

    [Fact]
    public void Texts_of_every_length_fold_alike_on_both_paths()
    {
        var matcher = QueryMatcher.Build(QueryList.Of(["ab", "c"]));
        for (var length = 0; length < 150; length++)
        {
            var text = new string('.', length) + "AB c";
            List<QueryHit> ascii = [], unicode = [];
            matcher.Match(text, ascii);
            matcher.Match(text + "\u2026", unicode);

            Assert.Equal([new(new(0), length, 2), new(new(1), length + 3, 1)], ascii);
            Assert.Equal(ascii, unicode);
        }
    }

    private static bool IsWellFormed(string text) => text.EnumerateRunes().Sum(rune => rune.Utf16SequenceLength) == text.Length
        && !text.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar);
}
