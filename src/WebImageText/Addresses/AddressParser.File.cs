namespace WebImageText.Addresses;

/// <summary>The states of <c>file</c> addresses: never fetched, but they must not pass for others.</summary>
internal ref partial struct AddressParser
{
    private bool ParseFile(WebAddress? relativeTo)
    {
        _href.Append("//");
        _hostStart = _hostEnd = _pathStart = _href.Length;
        if (_rest is ['/' or '\\', '/' or '\\', ..])
        {
            _rest = _rest[2..];
            return ParseFileHost();
        }
        if (_rest is ['/' or '\\', ..])
        {
            _rest = _rest[1..];
            if (relativeTo is not null)
            {
                WriteFileHost(relativeTo.HostSpan);
                if (!StartsWithDrive(_rest) && IsDrive(relativeTo.PathSpan))
                    _href.Append(relativeTo.PathSpan[..3]);
            }
            WritePath();
            return WriteQueryAndFragment();
        }
        if (relativeTo is null)
        {
            WritePath();
            return WriteQueryAndFragment();
        }
        WriteFileHost(relativeTo.HostSpan);
        if (!StartsWithDrive(_rest))
            return ParsePathBeside(relativeTo);
        WritePath();
        return WriteQueryAndFragment();
    }

    private bool ParseFileHost()
    {
        var end = _rest.IndexOfAny("/\\?#");
        var host = end < 0 ? _rest : _rest[..end];
        if (IsDriveLetter(host))
        {
            WritePath();
            return WriteQueryAndFragment();
        }
        _rest = _rest[host.Length..];
        if (!host.IsEmpty && !HostParser.TryAppend(host, special: true, ref _href))
            return false;
        if (_href.Written[_hostStart..] is "localhost")
            _href.Truncate(_hostStart);
        _hostEnd = _href.Length;
        WritePathFromRoot();
        return WriteQueryAndFragment();
    }

    private void WriteFileHost(ReadOnlySpan<char> host)
    {
        _href.Append(host);
        _hostEnd = _pathStart = _href.Length;
    }

    private static bool IsDriveLetter(ReadOnlySpan<char> text) =>
        text is [var letter, ':' or '|'] && char.IsAsciiLetter(letter);

    private static bool StartsWithDrive(ReadOnlySpan<char> text) =>
        text.Length >= 2 && IsDriveLetter(text[..2]) && (text.Length == 2 || text[2] is '/' or '\\' or '?' or '#');

    /// <summary>The first segment of a path is a drive with a colon.</summary>
    private static bool IsDrive(ReadOnlySpan<char> path) =>
        path is ['/', var letter, ':', ..] && char.IsAsciiLetter(letter) && (path.Length == 3 || path[3] == '/');
}
