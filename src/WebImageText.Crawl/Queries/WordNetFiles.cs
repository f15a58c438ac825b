using System.Globalization;
using System.Text;

namespace WebImageText.Crawl.Queries;

/// <summary>Reads the lemmas of WordNet 3.0 or 3.1 from its database files (wndb(5WN)).</summary>
internal static class WordNetFiles
{
    private static readonly string[] Parts = ["noun", "verb", "adj", "adv"];

    /// <summary>All lemmas of all parts of speech as they are written: "New York", "hot dog", "afloat".</summary>
    /// <param name="folder">Has <c>data.noun</c>, <c>data.verb</c>, <c>data.adj</c> and <c>data.adv</c>.</param>
    /// <exception cref="InvalidDataException">A file is missing or a line is none of WordNet.</exception>
    public static IEnumerable<string> Lemmas(string folder)
    {
        foreach (var part in Parts)
        {
            var path = Path.Combine(folder, $"data.{part}");
            if (!File.Exists(path))
                throw new InvalidDataException($"WordNet folder '{folder}' has no 'data.{part}'. Debian's package wordnet-base puts it into /usr/share/wordnet.");
            var number = 0;
            foreach (var line in File.ReadLines(path, Encoding.Latin1))
            {
                number++;
                if (line.StartsWith("  ", StringComparison.Ordinal)) // the licence at the top
                    continue;
                foreach (var lemma in LemmasOf(line, path, number))
                    yield return lemma;
            }
        }
    }

    // offset lex_filenum ss_type w_cnt word lex_id [word lex_id...] ...; w_cnt is two hexadecimal digits
    private static List<string> LemmasOf(string line, string path, int number)
    {
        var fields = line.Split(' ');
        if (fields.Length < 6 || fields[0].Length != 8 || !int.TryParse(fields[3], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var count)
            || fields.Length < 4 + count * 2)
        {
            throw new InvalidDataException($"WordNet file '{path}', line {number}: this is no line of a WordNet 3 data file.");
        }
        List<string> lemmas = [];
        for (var word = 0; word < count; word++)
        {
            // Adjectives may carry where they stand: "afloat(p)".
            var lemma = fields[4 + word * 2];
            var marker = lemma.EndsWith(')') ? lemma.LastIndexOf('(') : -1;
            lemmas.Add((marker > 0 ? lemma[..marker] : lemma).Replace('_', ' '));
        }
        return lemmas;
    }
}
