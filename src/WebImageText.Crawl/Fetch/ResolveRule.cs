using System.Diagnostics.CodeAnalysis;
using System.IO.Enumeration;
using System.Net;

namespace WebImageText.Crawl.Fetch;

/// <summary>Sends the host names that match a pattern to one address: <c>*.example.test=127.0.0.1:8080</c>.</summary>
/// <param name="Pattern"><c>*</c> stands for any characters.</param>
/// <param name="Target">Where the connection goes, whatever the port of the address.</param>
public sealed record ResolveRule(string Pattern, IPEndPoint Target)
{
    /// <summary>Reads <c>GLOB=IP:PORT</c>.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResolveRule? rule)
    {
        rule = text.Split('=', 2) is [{ Length: > 0 } pattern, var target] && IPEndPoint.TryParse(target, out var end) && end.Port > 0
            ? new(pattern, end)
            : null;
        return rule is not null;
    }

    internal bool Matches(string host) => FileSystemName.MatchesSimpleExpression(Pattern, host);
}
