using System.Net.Http.Headers;

namespace WebImageText.Crawl.Fetch;

/// <summary>How an answer says where it ends. The framework believes what contradicts itself; here that is no answer.</summary>
internal static class Framing
{
    /// <summary>Why the body cannot be told from what follows it; null when it can.</summary>
    public static Drop? Judge(HttpResponseMessage response)
    {
        var lengths = Values(response.Content.Headers.NonValidated, "Content-Length");
        var codings = Values(response.Headers.NonValidated, "Transfer-Encoding");
        return lengths.Count > 1 || lengths.Any(length => !IsLength(length))
                ? new(DropReason.ConnectError, $"Content-Length is {Shown(lengths)}")
            : codings.Count > 1 || codings.Any(coding => !coding.Trim().Equals("chunked", StringComparison.OrdinalIgnoreCase))
                ? new(DropReason.ConnectError, $"Transfer-Encoding is {Shown(codings)}")
            : lengths.Count > 0 && codings.Count > 0 ? new(DropReason.ConnectError, "Content-Length and Transfer-Encoding at once")
            : null;
    }

    // RFC 9110, section 8.6: digits, nothing else.
    private static bool IsLength(string value) =>
        value.AsSpan().Trim(" \t") is { Length: > 0 and <= 19 } digits && digits.IndexOfAnyExceptInRange('0', '9') < 0 && long.TryParse(digits, out _);

    private static List<string> Values(HttpHeadersNonValidated fields, string name) => fields.TryGetValues(name, out var values) ? [.. values] : [];

    private static string Shown(IEnumerable<string> values) => string.Join(" and ", values.Take(3).Select(value => $"'{value[..Math.Min(value.Length, 40)]}'"));
}
