using System.CommandLine;
using WebImageText.Cli.Terminal;
using WebImageText.Crawl.Queries;

namespace WebImageText.Cli.Queries;

/// <summary><c>wit queries</c>: makes query lists, and finds their queries in texts.</summary>
internal static class QueriesVerb
{
    public static Command Create() => new("queries", "Make query lists, find their queries in texts, balance what they find")
    {
        QueriesBuildVerb.Create(),
        QueriesStatsVerb.Create(),
        QueriesMatchVerb.Create(),
        QueriesCountVerb.Create(),
        QueriesPlanVerb.Create(),
    };

    public static Option<string> List() => new("--queries")
    {
        Description = "Query list: .tsv (first column), .txt (one a line) or .parquet (column 'query')",
        HelpName = "F",
        Required = true,
    };

    public static Option<bool> SkipBadRows() => new("--skip-bad-rows")
    {
        Description = "Leave out rows that are empty, duplicates, too long or invalid UTF-8, and count them, instead of refusing the list",
    };

    public static Option<string?> Prebuilt() => new("--prebuilt")
    {
        Description = "Prebuilt matcher of the list: mapped into memory if it is there, written if it is not",
        HelpName = "F",
    };

    /// <summary>What user and data can get wrong, as an error without a stack trace.</summary>
    public static async Task<T> Guarded<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (InvalidDataException broken)
        {
            throw UserErrorException.BadData(broken.Message);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw UserErrorException.Usage(missing.Message);
        }
    }

    public static QueryList Load(string path, bool skipBadRows)
    {
        var list = QueryList.Load(path, skipBadRows ? BadRows.Skip : BadRows.Refuse);
        if (list.Skipped.Total > 0)
        {
            Screen.Note($"{path}: skipped {list.Skipped.Empty:N0} empty rows, {list.Skipped.Duplicate:N0} duplicates, "
                + $"{list.Skipped.InvalidUtf8:N0} with invalid UTF-8, {list.Skipped.TooLong:N0} too long");
        }
        return list;
    }

    /// <summary>Says how many texts were not quite read.</summary>
    public static void NoteDirty(long count)
    {
        if (count > 0)
            Screen.Note($"{count:N0} texts are not valid UTF-8 (read with U+FFFD in its place) or longer than 1 MiB (cut)");
    }

    public static QueryMatcher Matcher(QueryList list, string? prebuilt)
    {
        if (prebuilt is not null && File.Exists(prebuilt))
            return QueryMatcher.Load(prebuilt, list);
        var matcher = QueryMatcher.Build(list);
        if (prebuilt is not null)
            matcher.Save(prebuilt);
        return matcher;
    }
}
