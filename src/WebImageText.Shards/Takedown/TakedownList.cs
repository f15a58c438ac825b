using System.Globalization;
using WebImageText.Shards.Rows;

namespace WebImageText.Shards.Takedown;

/// <summary>What is to be taken down: by address, host, file, look, or name of the pair.</summary>
/// <remarks>
/// A line of text each, as in a block list of a run: <c>host NAME</c> and those below it, <c>address URL</c> of an image or of the page
/// that shows it, <c>sha256 DIGITS</c> of the file as served or as stored, <c>pdq DIGITS [BITS]</c> of a picture and its copies up to
/// that distance, 31 if none is given; and, here only, <c>uid DIGITS</c> or the 32 digits alone.
/// </remarks>
public sealed class TakedownList
{
    private const int MostBits = 128;

    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private readonly HashSet<string> _uids = new(StringComparer.Ordinal);
    private readonly List<(PdqHash Hash, int Bits)> _pictures = [];

    /// <summary>The columns of a row that <see cref="Why"/> looks at.</summary>
    internal static readonly IReadOnlySet<string> Columns =
        new HashSet<string> { "key", "uid", "url", "final_url", "page_url", "sha256", "stored_sha256", "pdq" };

    /// <summary>Entries of all kinds.</summary>
    public int Count => _hosts.Count + _addresses.Count + _files.Count + _uids.Count + _pictures.Count;

    /// <summary>Reads entries, one a line; empty lines and those that begin with # are passed over.</summary>
    /// <exception cref="FormatException">A line is no entry; the message names it by its number.</exception>
    public static TakedownList Parse(IEnumerable<string> lines)
    {
        var list = new TakedownList();
        foreach (var (at, line) in lines.Index())
            try
            {
                list.Add(line.Trim());
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"line {at + 1}: {wrong.Message}", wrong);
            }
        return list;
    }

    /// <summary>The entry by which a row is to go; null when it may stay.</summary>
    public string? Why(PairRow row)
    {
        if (row.Uid is { } uid && _uids.Contains(uid))
            return $"uid {uid}";
        if ((Listed(row.Sha256) ?? Listed(row.StoredSha256)) is { } file)
            return $"sha256 {file}";
        if ((ByAddress(row.Url) ?? ByAddress(row.FinalUrl) ?? ByAddress(row.PageUrl)) is { } address)
            return address;
        if (_pictures.Count == 0 || row.Pdq is not { Length: 64 } look || !look.All(char.IsAsciiHexDigit))
            return null;
        var hash = PdqHash.Parse(look);
        foreach (var (picture, bits) in _pictures)
            if (picture.Distance(hash) is var distance && distance <= bits)
                return $"pdq {picture}, {distance} of 256 bits differ";
        return null;

        string? Listed(string? sha256) => sha256 is not null && _files.Contains(sha256) ? sha256 : null;
    }

    /// <summary>The entries that a run can be told never to fetch again: all but the uids, whose addresses are listed in their place.</summary>
    internal IEnumerable<string> NeverAgain() =>
    [
        .. _hosts.Order(StringComparer.Ordinal).Select(host => $"host {host}"),
        .. _addresses.Order(StringComparer.Ordinal).Select(address => $"address {address}"),
        .. _files.Order(StringComparer.Ordinal).Select(file => $"sha256 {file}"),
        .. _pictures.Select(picture => $"pdq {picture.Hash} {picture.Bits.ToString(CultureInfo.InvariantCulture)}").Order(StringComparer.Ordinal),
    ];

    private string? ByAddress(string? text)
    {
        if ((_addresses.Count == 0 && _hosts.Count == 0) || text is null || !WebAddress.TryParse(text, null, out var address))
            return null;
        if (_addresses.Count > 0 && _addresses.Contains(address.Canonical))
            return $"address {address.Canonical}";
        for (var host = address.Host.TrimEnd('.'); _hosts.Count > 0 && host.Length > 0;)
        {
            if (_hosts.Contains(host))
                return $"host {host}";
            var dot = host.IndexOf('.', StringComparison.Ordinal);
            host = dot < 0 ? "" : host[(dot + 1)..];
        }
        return null;
    }

    private void Add(string line)
    {
        if (line.Length == 0 || line[0] == '#')
            return;
        switch (line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            case ["host", var name]:
                _hosts.Add(Host(name));
                break;
            case ["address", var text]:
                _addresses.Add(WebAddress.TryParse(text, null, out var address) && address.IsWeb
                    ? address.Canonical
                    : throw new FormatException($"'{text}' is no address that begins with http:// or https://."));
                break;
            case ["sha256", { Length: 64 } digits] when digits.All(char.IsAsciiHexDigit):
                _files.Add(digits.ToLowerInvariant());
                break;
            case ["pdq", { Length: 64 } digits] when digits.All(char.IsAsciiHexDigit):
                _pictures.Add((PdqHash.Parse(digits), PdqHash.MatchDistance));
                break;
            case ["pdq", { Length: 64 } digits, var text] when digits.All(char.IsAsciiHexDigit)
                    && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= MostBits:
                _pictures.Add((PdqHash.Parse(digits), bits));
                break;
            case ["uid", { Length: 32 } digits] when digits.All(char.IsAsciiHexDigit):
                _uids.Add(digits.ToLowerInvariant());
                break;
            case [{ Length: 32 } uid] when uid.All(char.IsAsciiHexDigit):
                _uids.Add(uid.ToLowerInvariant());
                break;
            default:
                throw new FormatException(
                    $"'{line}' is no entry. Write 'host NAME', 'address URL', 'sha256 DIGITS', 'pdq DIGITS [BITS]' with up to {MostBits} bits, or 'uid DIGITS'.");
        }
    }

    private static string Host(string name) =>
        WebAddress.TryParse($"http://{name}/", null, out var address) && address.Host.Length > 0
        && address.PathAndQuery == "/" && !address.HasCredentials && address.Port == 80
            ? address.Host.TrimEnd('.')
            : throw new FormatException($"'{name}' is no host name.");
}
