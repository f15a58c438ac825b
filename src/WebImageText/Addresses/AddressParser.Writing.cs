using System.Buffers;

namespace WebImageText.Addresses;

/// <summary>Writing the parts: what is parsed is at once serialised and encoded.</summary>
internal ref partial struct AddressParser
{
    private void WriteScheme(ReadOnlySpan<char> scheme)
    {
        _href.AppendLower(scheme);
        _defaultPort = Scheme.DefaultPort(_href.Written);
        _isFile = _href.Written is "file";
        _schemeEnd = _href.Length;
        _href.Append(':');
    }

    private void WriteNoHost() => _hostStart = _hostEnd = _pathStart = _href.Length;

    /// <summary>Takes over credentials, host and port of the base.</summary>
    private void WriteAuthority(WebAddress from)
    {
        // The scheme is the same, so every part stands at the same place.
        _href.Append(from.AuthoritySpan);
        (_hostStart, _hostEnd, _port) = (from.Parts.HostStart, from.Parts.HostEnd, from.Parts.Port);
        _pathStart = _href.Length;
    }

    private void WriteCredentials(ReadOnlySpan<char> credentials)
    {
        var colon = credentials.IndexOf(':');
        var user = colon < 0 ? credentials : credentials[..colon];
        var word = colon < 0 ? [] : credentials[(colon + 1)..];
        if (user.IsEmpty && word.IsEmpty)
            return;
        PercentEncoding.Append(user, PercentEncoding.KeptInUserInfo, ref _href);
        if (!word.IsEmpty)
        {
            _href.Append(':');
            PercentEncoding.Append(word, PercentEncoding.KeptInUserInfo, ref _href);
        }
        _href.Append('@');
    }

    private void WritePathFromRoot()
    {
        _pathStart = _href.Length;
        if (_rest is [var first, ..] && IsSlash(first))
            _rest = _rest[1..];
        else if (!IsSpecial && (_rest.IsEmpty || _rest[0] is '?' or '#'))
            return; // only here a path has no segment at all
        WritePath();
    }

    /// <summary>Writes the segments up to the query or fragment; the slash before the first is already read.</summary>
    private void WritePath()
    {
        var end = _rest.IndexOfAny('?', '#');
        var path = end < 0 ? _rest : _rest[..end];
        _rest = _rest[path.Length..];
        while (true)
        {
            var slash = IsSpecial ? path.IndexOfAny('/', '\\') : path.IndexOf('/');
            WriteSegment(slash < 0 ? path : path[..slash], isLast: slash < 0);
            if (slash < 0)
                return;
            path = path[(slash + 1)..];
        }
    }

    private void WriteSegment(ReadOnlySpan<char> segment, bool isLast)
    {
        var dots = Dots(segment);
        if (dots == 2)
            Shorten();
        if (dots > 0)
        {
            if (isLast)
                _href.Append('/');
            return;
        }
        var isFirst = _href.Length == _pathStart;
        _href.Append('/');
        if (_isFile && isFirst && IsDriveLetter(segment))
        {
            _href.Append(segment[0]);
            _href.Append(':');
        }
        else
            PercentEncoding.Append(segment, PercentEncoding.KeptInPath, ref _href);
    }

    /// <summary>1 or 2 for a segment of dots, escaped or not; else 0.</summary>
    private static int Dots(ReadOnlySpan<char> segment)
    {
        if (segment.IsEmpty || segment.Length > 6 || segment[0] is not ('.' or '%'))
            return 0;
        var dots = 0;
        for (; !segment.IsEmpty; dots++)
        {
            if (segment[0] == '.')
                segment = segment[1..];
            else if (segment is ['%', '2', 'e' or 'E', ..])
                segment = segment[3..];
            else
                return 0;
        }
        return dots > 2 ? 0 : dots;
    }

    /// <summary>Removes the last segment; the drive of a file stays.</summary>
    private void Shorten()
    {
        var path = _href.Written[_pathStart..];
        if (path.IsEmpty || (_isFile && path.Length == 3 && IsDrive(path)))
            return;
        _href.Truncate(_pathStart + path.LastIndexOf('/'));
    }

    private void WriteOpaquePath()
    {
        var end = _rest.IndexOfAny('?', '#');
        var path = end < 0 ? _rest : _rest[..end];
        _rest = _rest[path.Length..];
        // A space before the query or fragment is escaped, lest it be trimmed when they are taken off.
        var spaced = end > 0 && path[^1] == ' ';
        PercentEncoding.Append(spaced ? path[..^1] : path, PercentEncoding.KeptInOpaquePath, ref _href);
        if (spaced)
            _href.Append("%20");
    }

    private bool WriteQueryAndFragment(ReadOnlySpan<char> inherited = default)
    {
        // Without a host, a path that begins with two slashes would be read as one.
        if (_hostStart == _schemeEnd + 1 && _href.Written[_pathStart..].StartsWith("//"))
        {
            _href.Insert(_pathStart, "/.");
            _pathStart += 2;
        }
        _queryStart = _href.Length;
        if (_rest.StartsWith('?'))
            WritePart(_rest.IndexOf('#'), IsSpecial ? PercentEncoding.KeptInSpecialQuery : PercentEncoding.KeptInQuery);
        else
            _href.Append(inherited);
        _fragmentStart = _href.Length;
        if (_rest.StartsWith('#'))
            WritePart(-1, PercentEncoding.KeptInFragment);
        return true;
    }

    private void WritePart(int end, SearchValues<char> kept)
    {
        var part = end < 0 ? _rest : _rest[..end];
        _rest = _rest[part.Length..];
        _href.Append(part[0]);
        PercentEncoding.Append(part[1..], kept, ref _href);
    }
}
