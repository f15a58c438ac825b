using System.Text;

namespace WebImageText.Crawl.Robots;

/// <summary>One line that is no rule.</summary>
/// <param name="Field">What it is about.</param>
/// <param name="Value">What it says.</param>
/// <param name="Line">As it stood.</param>
internal sealed record RobotsStatement(RobotsField Field, string Value, string Line)
{
    /// <summary>Reads a statement; what is no UTF-8 reads as U+FFFD.</summary>
    public static RobotsStatement Read(RobotsField field, ReadOnlySpan<byte> value, ReadOnlySpan<byte> line) =>
        new(field, Encoding.UTF8.GetString(value), Encoding.UTF8.GetString(RobotsFields.Trimmed(line)));
}

/// <summary>What a robots.txt says to some agents: lines that share their User-agent lines.</summary>
internal sealed class RobotsGroup
{
    /// <summary>Bit n: the n-th of the agents that are looked for. 0 for groups of others.</summary>
    public ulong Agents { get; set; }

    public List<RobotsRule> Rules { get; } = [];

    /// <summary>Every other line about the group.</summary>
    public List<RobotsStatement> Others { get; } = [];
}

/// <summary>Reads a robots.txt as far as it concerns some agents: RFC 9309, section 2.2.</summary>
internal sealed class RobotsGroups
{
    /// <summary>500 KiB: as much as must be read (RFC 9309, section 2.5), and no more.</summary>
    public const int MostBytes = 500 * 1024;

    private readonly string[] _agents;
    private RobotsGroup _group = new();
    private bool _hasAgents, _hasRules;

    private RobotsGroups(string[] agents) => _agents = agents;

    /// <summary>Groups of the agents that were asked for.</summary>
    public List<RobotsGroup> Groups { get; } = [];

    /// <summary>Lines for everybody: Sitemap and License wherever they stand, others before the first User-agent.</summary>
    public List<RobotsStatement> ForAll { get; } = [];

    /// <summary>Reads a file. Takes one pass, whatever the bytes.</summary>
    /// <param name="body">As served; it is cut at <see cref="MostBytes"/>, with the line that the cut goes through.</param>
    /// <param name="agents">Product tokens, at most 64; <c>*</c> for the groups of everybody.</param>
    public static RobotsGroups Read(ReadOnlySpan<byte> body, string[] agents)
    {
        var reading = new RobotsGroups(agents);
        if (body.Length > MostBytes)
            body = body[..(body[..MostBytes].LastIndexOfAny((byte)'\n', (byte)'\r') + 1)];
        if (body.StartsWith("\uFEFF"u8))
            body = body[3..];
        while (!body.IsEmpty)
        {
            var end = body.IndexOfAny((byte)'\n', (byte)'\r');
            reading.Read(end < 0 ? body : body[..end]);
            body = end < 0 ? [] : body[(end + 1)..];
        }
        reading.EndGroup();
        return reading;
    }

    private void Read(ReadOnlySpan<byte> line)
    {
        var field = RobotsFields.Read(line, out var value);
        switch (field)
        {
            case RobotsField.UserAgent:
                if (_hasRules)
                    EndGroup();
                _hasAgents = true;
                _group.Agents |= AgentsNamed(value);
                break;
            case RobotsField.Allow or RobotsField.Disallow when _hasAgents:
                _hasRules = true;
                if (_group.Agents != 0 && RobotsRules.Read(field == RobotsField.Allow, value) is { } rule)
                    _group.Rules.Add(rule);
                break;
            case RobotsField.Sitemap or RobotsField.License:
                ForAll.Add(RobotsStatement.Read(field, value, line));
                break;
            case RobotsField.Unknown or RobotsField.Allow or RobotsField.Disallow:
                break;
            default:
                // These neither begin nor end the rules of a group, so User-agent lines may still follow them.
                (_hasAgents ? _group.Others : ForAll).Add(RobotsStatement.Read(field, value, line));
                break;
        }
    }

    private void EndGroup()
    {
        if (_group.Agents != 0)
            Groups.Add(_group);
        _group = new();
        _hasRules = false;
    }

    /// <summary>
    /// The agents that a User-agent line names: by the letters of its product token, which end at a version, or by its first
    /// word, as some tokens have digits.
    /// </summary>
    private ulong AgentsNamed(ReadOnlySpan<byte> value)
    {
        var word = value.IndexOfAny(" \t/"u8) is >= 0 and var end ? value[..end] : value;
        var letters = word;
        for (var at = 0; at < word.Length; at++)
            if (!char.IsAsciiLetter((char)word[at]) && word[at] is not ((byte)'-' or (byte)'_'))
            {
                letters = word[..at];
                break;
            }
        var named = 0UL;
        for (var at = 0; at < _agents.Length; at++)
            if (Ascii.EqualsIgnoreCase(word, _agents[at]) || (letters.Length > 0 && Ascii.EqualsIgnoreCase(letters, _agents[at])))
                named |= 1UL << at;
        return named;
    }
}
