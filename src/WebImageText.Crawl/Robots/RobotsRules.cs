namespace WebImageText.Crawl.Robots;

/// <summary>One Allow or Disallow line.</summary>
/// <param name="Allows">It is an Allow.</param>
/// <param name="Pattern">The paths that it is about.</param>
internal sealed record RobotsRule(bool Allows, PathPattern Pattern)
{
    /// <inheritdoc/>
    public override string ToString() => $"{(Allows ? "Allow" : "Disallow")}: {Pattern}";
}

/// <summary>The rules of one agent: the longest that matches decides, Allow before Disallow (RFC 9309, section 2.2.2).</summary>
internal sealed class RobotsRules
{
    private readonly RobotsRule[] _rules;

    public RobotsRules(IEnumerable<RobotsRule> rules)
    {
        _rules = [.. rules.Distinct()];
        Array.Sort(_rules, (one, other) => one.Pattern.Length != other.Pattern.Length
            ? other.Pattern.Length.CompareTo(one.Pattern.Length)
            : other.Allows.CompareTo(one.Allows));
    }

    /// <summary>Reads the path of a line; null for an empty one, which is about nothing.</summary>
    public static RobotsRule? Read(bool allows, ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return null;
        // "Disallow: private/" means something, though by the letter it matches no path: a refusal is taken as one.
        var isRelative = !allows && path[0] is not ((byte)'/' or (byte)'*');
        return new(allows, PathPattern.Parse(isRelative ? [(byte)'/', .. path] : path));
    }

    /// <summary>The rule that decides about a path; null when none matches, so that it may be fetched.</summary>
    /// <param name="path">Normalised.</param>
    public RobotsRule? Deciding(ReadOnlySpan<char> path)
    {
        foreach (var rule in _rules)
            if (rule.Pattern.Matches(path))
                return rule;
        return null;
    }
}
