using System.Text;

namespace WebImageText.Crawl.Robots;

/// <summary>Preferences, each about a path (<c>Content-Usage: /img/ train-ai=n</c>) or, without one, about all.</summary>
/// <remarks>draft-ietf-aipref-attach: the longest path that matches decides; values of the same path all count.</remarks>
internal sealed class UsageScopes
{
    private readonly (PathPattern Path, string Value)[] _scopes;

    /// <summary>Reads the values of one field.</summary>
    public UsageScopes(IEnumerable<string> values) =>
        _scopes = [.. values.Select(Read).OrderByDescending(scope => scope.Path.Length)];

    /// <summary>The values for a path.</summary>
    /// <param name="path">Normalised.</param>
    public IEnumerable<string> For(string path)
    {
        var longest = Array.Find(_scopes, scope => scope.Path.Matches(path)).Path?.Length;
        return _scopes.Where(scope => scope.Path.Length == longest && scope.Path.Matches(path)).Select(scope => scope.Value);
    }

    private static (PathPattern Path, string Value) Read(string value)
    {
        var end = value.IndexOfAny([' ', '\t']);
        return value is ['/' or '*', ..]
            ? (PathPattern.Parse(Encoding.UTF8.GetBytes(end < 0 ? value : value[..end])), end < 0 ? "" : value[end..].Trim())
            : (PathPattern.Parse("/"u8), value);
    }
}
