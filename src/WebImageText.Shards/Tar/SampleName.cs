using System.Text.RegularExpressions;

namespace WebImageText.Shards.Tar;

/// <summary>webdataset's rules for what a member's name means (its <c>tariterators.py</c>, version 1.0).</summary>
internal static partial class SampleName
{
    private const int Longest = 1024;

    /// <summary>Key and extension; null for a name that readers pass over.</summary>
    public static (string Key, string Extension)? Split(string name)
    {
        var match = KeyAndExtension().Match(name);
        return match.Success ? (match.Groups[1].Value, match.Groups[2].Value.ToLowerInvariant()) : null;
    }

    /// <summary>The name is kept for data about the archive; readers pass over it.</summary>
    public static bool IsMetadata(string name) => Metadata().IsMatch(name);

    /// <summary>The name stays below the folder it is unpacked in, on every system, and is of a length that systems take.</summary>
    public static bool IsSafe(string name) =>
        name.Length is > 0 and <= Longest && name[0] != '/' && !name.Contains('\\') && !name.Any(char.IsControl) && !name.Split('/').Contains("..");

    [GeneratedRegex(@"^((?:.*/|)[^.]+)[.]([^/]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex KeyAndExtension();

    [GeneratedRegex(@"^__[^/]*__(?:$|/)", RegexOptions.CultureInvariant)]
    private static partial Regex Metadata();
}
