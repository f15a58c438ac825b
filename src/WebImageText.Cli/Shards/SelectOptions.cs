using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Shards.Select;

namespace WebImageText.Cli.Shards;

/// <summary>The options that say which pairs of a data set are meant; all that are given must hold.</summary>
internal sealed class SelectOptions
{
    private readonly Option<string[]> _queries = new("--query") { Description = "Pairs that this query owns (repeatable)", HelpName = "TEXT" };

    private readonly Option<FileInfo?> _uids = new("--uids") { Description = "Pairs whose uids this file lists, one a line", HelpName = "F" };

    private readonly Option<string?> _where = new("--where")
    {
        Description = "Pairs for which a condition holds, as in SQL: \"width * height > 250000 AND license LIKE 'CC%' AND score('clip') >= 0.28\"",
        HelpName = "CONDITION",
    };

    public IEnumerable<Option> All => [_queries, _uids, _where];

    /// <exception cref="UserErrorException">A condition or a list is none.</exception>
    public PairSelection Read(ParseResult parsed)
    {
        try
        {
            var filter = parsed.GetValue(_where) is { } condition ? RowFilter.Parse(condition) : null;
            var uids = parsed.GetValue(_uids) is { } file
                ? File.ReadLines(file.FullName).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
                : null;
            return new(parsed.GetValue(_queries) ?? [], uids, filter);
        }
        catch (FormatException wrong)
        {
            throw UserErrorException.Usage(wrong.Message);
        }
        catch (IOException missing)
        {
            throw UserErrorException.Usage(missing.Message);
        }
    }
}
