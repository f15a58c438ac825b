using System.Text;
using WebImageText.Crawl.Queries;

namespace WebImageText.Tests.Queries;

public class QueryListTests
{
    [Fact]
    public void The_first_column_is_the_query_and_its_row_the_id()
    {
        var list = Read("abaya\twordnet\t7\r\nNew York\n  cafe\u0301\twiki_word,wordnet");

        Assert.Equal([new(new(0), "abaya"), new(new(1), "New York"), new(new(2), "café")], list);
        Assert.Equal(["wordnet", "", "wiki_word,wordnet"], list.Sources);
    }

    [Fact]
    public void A_byte_order_mark_is_no_part_of_the_first_query() =>
        Assert.Equal("dog", QueryList.Read(new OneByteAtATime("\uFEFFdog\ncat"), "q.tsv")[0].Text);

    [Theory]
    [InlineData("dog\n\ncat", "line 2: the row is empty")]
    [InlineData("dog\n \t7\ncat", "line 2: the row is empty")]
    [InlineData("dog\ncat\ndog\twordnet", "line 3: 'dog' stands in line 1 already")]
    [InlineData("dog\ncafé\ncafe\u0301", "line 3: 'café' stands in line 2 already")]
    [InlineData("", "has no query")]
    [InlineData("\n", "line 1: the row is empty")]
    public void A_bad_row_is_refused_with_its_line(string text, string message)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read(text));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains("q.tsv", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Invalid_utf8_is_refused_with_its_line_and_byte()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read([.. "dog\nca"u8, 0xE9, .. "\n"u8]));

        Assert.Contains("line 2: byte 3 of the row is not valid UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_rows_can_be_skipped_and_are_counted()
    {
        var list = Read([.. "dog\n\ndog\n"u8, 0xFF, .. "\ncat\n"u8, .. Encoding.UTF8.GetBytes(new string('x', 3_000_000)), .. "\nelk\n"u8], BadRows.Skip);

        Assert.Equal(["dog", "cat", "elk"], list.Select(query => query.Text));
        Assert.Equal(new SkippedRows(Empty: 1, Duplicate: 1, InvalidUtf8: 1, TooLong: 1), list.Skipped);
    }

    [Fact]
    public void A_query_that_is_too_long_is_refused_with_its_line()
    {
        var error = Assert.Throws<InvalidDataException>(() => Read("dog\n" + new string('x', 2000)));

        Assert.Contains("line 2: the query is longer than 1024", error.Message, StringComparison.Ordinal);
    }

    private static QueryList Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static QueryList Read(byte[] bytes, BadRows badRows = BadRows.Refuse) =>
        QueryList.Read(new MemoryStream(bytes), "q.tsv", badRows);

    private sealed class OneByteAtATime(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
