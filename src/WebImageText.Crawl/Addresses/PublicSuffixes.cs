using System.Collections.Frozen;
using System.IO.Compression;

namespace WebImageText.Crawl.Addresses;

/// <summary>The Public Suffix List: which part of a host name somebody registered (publicsuffix.org/list).</summary>
/// <remarks>Its private section counts too: two blogs of one hosting service are two sites.</remarks>
public sealed class PublicSuffixes
{
    private static readonly Lazy<PublicSuffixes> FromResource = new(ReadResource);

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _names;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _wildcards;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _exceptions;
    private readonly int _mostLabels;

    private PublicSuffixes(List<string> names, List<string> wildcards, List<string> exceptions)
    {
        _names = Set(names);
        _wildcards = Set(wildcards);
        _exceptions = Set(exceptions);
        // A wildcard stands for one label more than its own.
        _mostLabels = names.Concat(wildcards).Concat(exceptions).Max(rule => rule.Count('.'.Equals)) + 2;
    }

    /// <summary>The list that is built in.</summary>
    public static PublicSuffixes Embedded => FromResource.Value;

    /// <summary>Reads a list in its published format.</summary>
    /// <exception cref="FormatException">A rule is no name, or there are none.</exception>
    public static PublicSuffixes Parse(TextReader list)
    {
        List<string> names = [], wildcards = [], exceptions = [];
        while (list.ReadLine() is { } line)
        {
            var rule = line.Split(' ', '\t')[0]; // the rest of a line is no rule
            if (rule.Length == 0 || rule.StartsWith("//", StringComparison.Ordinal))
                continue;
            if (rule.StartsWith('!'))
                exceptions.Add(Ascii(rule[1..]));
            else if (rule.StartsWith("*.", StringComparison.Ordinal))
                wildcards.Add(Ascii(rule[2..]));
            else
                names.Add(Ascii(rule));
        }
        return names.Count > 0
            ? new(names, wildcards, exceptions)
            : throw new FormatException("The public suffix list holds no rule. Give the file as publicsuffix.org has it.");
    }

    /// <summary>
    /// The part of a host name that somebody registered: <c>example.co.uk</c> for <c>img.example.co.uk</c>; null for a name
    /// that is a public suffix itself, and for what is no name.
    /// </summary>
    /// <param name="host">In ASCII and lower case, as <see cref="WebAddress.Host"/> has it.</param>
    public string? RegistrableDomain(string host)
    {
        var name = host.AsSpan();
        if (name.EndsWith('.'))
            name = name[..^1];
        var isIpv4 = name[(name.LastIndexOf('.') + 1)..].IndexOfAnyExceptInRange('0', '9') < 0;
        if (isIpv4 || name[0] is '.' or '[' || name.Contains("..", StringComparison.Ordinal))
            return null;
        var suffix = SuffixLength(name);
        if (suffix == name.Length)
            return null;
        var before = name[..^(suffix + 1)];
        return name[(before.LastIndexOf('.') + 1)..].ToString();
    }

    /// <summary>
    /// The site that an address belongs to: its registrable domain, or its host where there is none, as for an IP address.
    /// </summary>
    public string SiteOf(WebAddress address) => RegistrableDomain(address.Host) ?? address.Host;

    /// <summary>The longest rule decides, an exception before all; without a rule, the last label is the suffix.</summary>
    private int SuffixLength(ReadOnlySpan<char> name)
    {
        var length = 0;
        for (var labels = 1; labels <= _mostLabels; labels++)
        {
            var rest = length == 0 ? name : name[..^(length + 1)];
            var candidate = name[(rest.LastIndexOf('.') + 1)..];
            if (_exceptions.Contains(candidate))
                return length;
            length = candidate.Length;
            if (length == name.Length)
                break;
        }
        while (!IsSuffix(name[^length..]))
        {
            var dot = name[^length..].IndexOf('.');
            if (dot < 0)
                break;
            length -= dot + 1;
        }
        return length;
    }

    private bool IsSuffix(ReadOnlySpan<char> name) =>
        _names.Contains(name) || (name.IndexOf('.') is > 0 and var dot && _wildcards.Contains(name[(dot + 1)..]));

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(List<string> rules) =>
        rules.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private static string Ascii(string name) => WebAddress.Parse($"http://{name}/").Host;

    private static PublicSuffixes ReadResource()
    {
        var file = typeof(PublicSuffixes).Assembly.GetManifestResourceStream("public_suffix_list.dat.gz")!;
        using var list = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        return Parse(list);
    }
}
