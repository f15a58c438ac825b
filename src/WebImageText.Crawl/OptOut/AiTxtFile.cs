namespace WebImageText.Crawl.OptOut;

/// <summary>A site's <c>/ai.txt</c>, where it is the kind that looks like robots.txt.</summary>
/// <remarks>
/// Spawning's ai.txt: groups of User-Agent lines with Disallow and Allow, often by file extension (<c>*.jpg</c>). Two other
/// formats have the same name; they have no such lines and say nothing here. Rules before any group are for everyone.
/// </remarks>
public sealed class AiTxtFile
{
    private const int MostLength = 500 * 1024;
    private const int MostRules = 5_000;

    private readonly List<Rule> _rules;

    private AiTxtFile(List<Rule> rules) => _rules = rules;

    private sealed record Rule(PathPattern Pattern, bool Allowed);

    /// <summary>Reads the file; null when there are no rules for us in it.</summary>
    public static AiTxtFile? Parse(string text)
    {
        List<Rule> ours = [], everyones = [];
        bool named = true, toUs = false, toEveryone = true, namesUs = false;
        foreach (var range in text.AsSpan(0, Math.Min(text.Length, MostLength)).SplitAny("\r\n"))
        {
            var line = text.AsSpan()[range];
            if (line.IndexOf('#') is >= 0 and var comment)
                line = line[..comment];
            if (line.IndexOf(':') is not (>= 0 and var colon))
                continue;
            var key = line[..colon].Trim();
            var value = line[(colon + 1)..].Trim();
            if (key.Equals("user-agent", StringComparison.OrdinalIgnoreCase))
            {
                if (named)
                    (toUs, toEveryone, named) = (false, false, false);
                toUs |= value.Equals(RobotsWords.Token, StringComparison.OrdinalIgnoreCase);
                namesUs |= toUs;
                toEveryone |= value is "*";
                continue;
            }
            var allowed = key.Equals("allow", StringComparison.OrdinalIgnoreCase);
            if (!allowed && !key.Equals("disallow", StringComparison.OrdinalIgnoreCase))
                continue;
            named = true;
            if (value.IsEmpty || ours.Count + everyones.Count == MostRules)
                continue;
            if (toUs)
                ours.Add(new(new(value.ToString()), allowed));
            if (toEveryone)
                everyones.Add(new(new(value.ToString()), allowed));
        }
        var rules = namesUs ? ours : everyones;
        return rules.Count == 0 ? null : new(rules);
    }

    /// <summary>The rule for an address of the site: the longest that matches, and of two equal ones the one that allows.</summary>
    public OptOutSignal? For(WebAddress address)
    {
        var path = address.PathAndQuery;
        var rule = _rules.Where(rule => rule.Pattern.Matches(path))
            .MaxBy(rule => (rule.Pattern.Text.Length, rule.Allowed));
        return rule is null ? null : new(OptOutSource.AiTxt, $"{(rule.Allowed ? "Allow" : "Disallow")}: {rule.Pattern.Text}");
    }
}
