using System.Globalization;
using WebImageText.Curate.Dedup;

namespace WebImageText.Curate.Filter;

/// <summary>
/// What is never to be stored: hosts, addresses, files and pictures that somebody listed. Safe for many threads once loaded.
/// </summary>
/// <remarks>
/// A text file, one entry a line; empty lines and lines that begin with # are passed over. <c>host example.com</c> blocks a host
/// and those below it; <c>address https://example.com/a</c> an image, or every image of a page; <c>sha256 DIGITS</c> a file;
/// <c>pdq DIGITS BITS</c> a picture and its copies up to that distance, 31 if none is given.
/// </remarks>
public sealed class BlockList
{
    private readonly Dictionary<string, DropReason> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DropReason> _addresses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DropReason> _files = new(StringComparer.Ordinal);
    private readonly PdqIndex _pictures = new();
    private readonly List<(int Distance, DropReason Reason)> _ofPictures = [];
    private int _farthest = -1;

    /// <summary>Entries of all kinds.</summary>
    public int Count => _hosts.Count + _addresses.Count + _files.Count + _pictures.Count;

    /// <summary>Reads block lists, one after the other.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="FormatException">A line is no entry; the message names file and line.</exception>
    public static BlockList Load(IEnumerable<string> paths)
    {
        var list = new BlockList();
        foreach (var path in paths)
            list.Add(File.ReadLines(path), path, DropReason.Blocked);
        return list;
    }

    /// <summary>The entries of a list, and further ones that block for a reason of their own.</summary>
    /// <param name="list">Not changed; null for none.</param>
    /// <param name="lines">Further entries, one a line. What the list names already keeps its reason.</param>
    /// <param name="source">Where the lines stand, for messages.</param>
    /// <param name="reason">What a candidate is dropped for that they name.</param>
    /// <exception cref="FormatException">A line is no entry; the message names source and line.</exception>
    public static BlockList With(BlockList? list, IEnumerable<string> lines, string source, DropReason reason)
    {
        var all = new BlockList();
        if (list is not null)
            all.AddAll(list);
        all.Add(lines, source, reason);
        return all;
    }

    /// <summary>Why a candidate is blocked by the address of its image or page; null when it is not.</summary>
    public Drop? Judge(Candidate candidate) => Judge(candidate.Image) ?? (candidate.Page is { } page ? Judge(page) : null);

    /// <summary>Why an address is blocked, for example one that an image redirects to; null when it is not.</summary>
    public Drop? Judge(WebAddress address)
    {
        if (_addresses.TryGetValue(address.Canonical, out var why))
            return new(why, $"address {address.Canonical}");
        for (var host = address.Host.TrimEnd('.'); _hosts.Count > 0 && host.Length > 0;)
        {
            if (_hosts.TryGetValue(host, out why))
                return new(why, $"host {host}");
            var dot = host.IndexOf('.', StringComparison.Ordinal);
            host = dot < 0 ? "" : host[(dot + 1)..];
        }
        return null;
    }

    /// <summary>Why a picture is blocked by its file or its looks; null when it is not.</summary>
    public Drop? Judge(PictureFacts picture)
    {
        if (_files.TryGetValue(picture.Sha256, out var why))
            return new(why, $"sha256 {picture.Sha256}");
        if (picture.PdqQuality < PdqHash.LeastQuality || _farthest < 0)
            return null;
        foreach (var near in _pictures.Within(picture.Pdq, _farthest))
            if (near.Distance <= _ofPictures[near.Id].Distance)
                return new(_ofPictures[near.Id].Reason, $"pdq {_pictures[near.Id]}, {near.Distance} of 256 bits differ");
        return null;
    }

    private void Add(IEnumerable<string> lines, string source, DropReason reason)
    {
        foreach (var (at, line) in lines.Index())
            try
            {
                Add(line.Trim(), reason);
            }
            catch (FormatException wrong)
            {
                throw new FormatException($"Block list '{source}', line {at + 1}: {wrong.Message}", wrong);
            }
    }

    private void AddAll(BlockList list)
    {
        foreach (var (mine, theirs) in new[] { (_hosts, list._hosts), (_addresses, list._addresses), (_files, list._files) })
            foreach (var (entry, reason) in theirs)
                mine.TryAdd(entry, reason);
        foreach (var (at, (distance, reason)) in list._ofPictures.Index())
            AddPicture(list._pictures[at], distance, reason);
    }

    private void Add(string line, DropReason reason)
    {
        if (line.Length == 0 || line[0] == '#')
            return;
        var parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        switch (parts)
        {
            case ["host", var name]:
                _hosts.TryAdd(Host(name), reason);
                break;
            case ["address", var text]:
                _addresses.TryAdd(WebAddress.TryParse(text, null, out var address) && address.IsWeb
                    ? address.Canonical
                    : throw new FormatException($"'{text}' is no address that begins with http:// or https://."), reason);
                break;
            case ["sha256", { Length: 64 } digits] when digits.All(char.IsAsciiHexDigit):
                _files.TryAdd(digits.ToLowerInvariant(), reason);
                break;
            case ["pdq", var hash]:
                AddPicture(PdqHash.Parse(hash), PdqHash.MatchDistance, reason);
                break;
            case ["pdq", var hash, var bits]
                when int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out var distance) && distance <= 128:
                AddPicture(PdqHash.Parse(hash), distance, reason);
                break;
            default:
                throw new FormatException($"'{line}' is no entry. Write 'host NAME', 'address URL', 'sha256 DIGITS' or 'pdq DIGITS [BITS]'.");
        }
    }

    private void AddPicture(PdqHash hash, int distance, DropReason reason)
    {
        _pictures.Add(hash);
        _ofPictures.Add((distance, reason));
        _farthest = Math.Max(_farthest, distance);
    }

    private static string Host(string name)
    {
        var host = WebAddress.TryParse($"http://{name}/", null, out var address) ? address.Host : "";
        return host.Length > 0 && address!.PathAndQuery == "/" && !address.HasCredentials && address.Port == 80
            ? host
            : throw new FormatException($"'{name}' is no host name.");
    }
}
