using System.Buffers;

namespace WebImageText.Shards.Stores;

/// <summary>The one rule for names and tokens, whatever the store: what passes here escapes no folder and needs no quoting.</summary>
internal static class StoreName
{
    /// <summary>Temporary names end so, and final names never do.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int LongestName = 200;
    private const int LongestToken = 32; // so that it fits a block id of Azure Blob
    private const string Alphanumeric = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> InSegment = SearchValues.Create(Alphanumeric + "._-");
    private static readonly SearchValues<char> InToken = SearchValues.Create(Alphanumeric + "-");

    public static bool IsName(string name)
    {
        if (name.Length is 0 or > LongestName || name.EndsWith(TemporarySuffix, StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var range in name.AsSpan().Split('/'))
        {
            var segment = name.AsSpan(range);
            if (segment.IsEmpty || segment[0] == '.' || segment.ContainsAnyExcept(InSegment))
                return false;
        }
        return true;
    }

    public static bool IsToken(ReadOnlySpan<char> token) =>
        token.Length is > 0 and <= LongestToken && !token.ContainsAnyExcept(InToken);

    public static string Check(string name) => IsName(name) ? name : throw new ArgumentException(
        $"'{name}' is no name for a stored file: give segments of letters, digits, '.', '_' and '-' with '/' between, " +
        $"{LongestName} characters at most, none beginning with a dot.", nameof(name));

    public static string CheckToken(string token) => IsToken(token) ? token : throw new ArgumentException(
        $"'{token}' is no token: give 1 to {LongestToken} letters, digits and '-'.", nameof(token));

    /// <summary>A prefix is the beginning of a name, or nothing.</summary>
    public static string CheckPrefix(string prefix) => prefix.Length == 0 || IsName(prefix.TrimEnd('/')) ? prefix : throw new ArgumentException(
        $"'{prefix}' is not the beginning of any stored file's name.", nameof(prefix));
}
