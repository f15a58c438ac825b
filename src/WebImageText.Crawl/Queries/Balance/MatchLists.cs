namespace WebImageText.Crawl.Queries.Balance;

/// <summary>The matched queries of each text that has any, text after text, as a compact file beside the counts.</summary>
/// <remarks>"WITLISTS", the number of queries, then for each text the number of its matches and the steps between their rows, all as
/// variable-length numbers (7 bits a byte, low first).</remarks>
public static class MatchLists
{
    private static readonly byte[] Magic = "WITLISTS"u8.ToArray();

    /// <summary>Writes lists as they come.</summary>
    public sealed class Writer : IDisposable
    {
        private readonly BufferedStream _file;

        /// <summary>Begins a file.</summary>
        public Writer(string path, int queryCount)
        {
            _file = new(File.Create(path), 1 << 16);
            _file.Write(Magic);
            Number(queryCount);
        }

        /// <summary>Adds the matches of one text, in the order of the list.</summary>
        public void Add(ReadOnlySpan<QueryId> matches)
        {
            Number(matches.Length);
            var last = 0;
            foreach (var match in matches)
            {
                Number(match.Row - last);
                last = match.Row;
            }
        }

        /// <inheritdoc/>
        public void Dispose() => _file.Dispose();

        private void Number(int value)
        {
            for (; value >= 0x80; value >>= 7)
                _file.WriteByte((byte)(value | 0x80));
            _file.WriteByte((byte)value);
        }
    }

    /// <summary>Reads the lists; each is valid until the next.</summary>
    /// <param name="path">A file that <see cref="Writer"/> wrote.</param>
    /// <param name="queryCount">How many queries its counts have.</param>
    /// <exception cref="InvalidDataException">It is no such file, is cut, or belongs to another list.</exception>
    public static IEnumerable<ArraySegment<int>> Read(string path, int queryCount)
    {
        using var file = new BufferedStream(File.OpenRead(path), 1 << 16);
        var magic = new byte[Magic.Length];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length || !magic.SequenceEqual(Magic) || Number(file) != queryCount)
            throw new InvalidDataException($"'{path}' holds no match lists of these {queryCount} queries. Run 'wit queries count' again.");
        var rows = new int[64];
        while (Number(file) is { } count)
        {
            if (count > queryCount)
                throw Damaged(path);
            if (count > rows.Length)
                rows = new int[count];
            var last = 0L;
            for (var at = 0; at < count; at++)
            {
                last += Number(file) ?? throw Damaged(path);
                rows[at] = last < queryCount ? (int)last : throw Damaged(path);
            }
            yield return new(rows, 0, count);
        }
    }

    private static InvalidDataException Damaged(string path) => new($"'{path}' is damaged. Run 'wit queries count' again.");

    private static int? Number(BufferedStream file)
    {
        var value = 0;
        for (var shift = 0; shift < 28; shift += 7)
        {
            var b = file.ReadByte();
            if (b < 0)
                return shift == 0 ? null : int.MaxValue;
            value |= (b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
        return int.MaxValue;
    }
}
