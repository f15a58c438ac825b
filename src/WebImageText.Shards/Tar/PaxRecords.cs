using System.Buffers.Text;
using System.Text;

namespace WebImageText.Shards.Tar;

/// <summary>The records of a PAX header: <c>LENGTH KEY=VALUE\n</c>, where the length counts the whole record (POSIX.1-2001, pax).</summary>
internal static class PaxRecords
{
    /// <exception cref="FormatException">A record is not of that form.</exception>
    public static List<(string Key, string Value)> Parse(ReadOnlySpan<byte> content)
    {
        var records = new List<(string, string)>();
        while (!content.IsEmpty)
        {
            if (!Utf8Parser.TryParse(content, out int length, out var digits) || length <= digits + 1 || length > content.Length)
                throw new FormatException("a record states a wrong length");
            var record = content[digits..length];
            var equals = record.IndexOf((byte)'=');
            if (record[0] != ' ' || record[^1] != '\n' || equals < 1)
                throw new FormatException("a record is not 'LENGTH KEY=VALUE'");
            records.Add((Encoding.UTF8.GetString(record[1..equals]), Encoding.UTF8.GetString(record[(equals + 1)..^1])));
            content = content[length..];
        }
        return records;
    }
}
