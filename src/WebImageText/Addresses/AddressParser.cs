using System.Diagnostics.CodeAnalysis;

namespace WebImageText.Addresses;

/// <summary>The basic URL parser (WHATWG URL Standard, section 4.4): its states as methods, its result serialised.</summary>
internal ref partial struct AddressParser
{
    private readonly WebAddress? _base;
    private HrefBuffer _href;
    private ReadOnlySpan<char> _rest;
    private ushort? _defaultPort;
    private bool _isFile;
    private int _schemeEnd, _hostStart, _hostEnd, _pathStart, _queryStart, _fragmentStart;
    private ushort _port;

    private AddressParser(WebAddress? relativeTo, Span<char> stack)
    {
        _base = relativeTo;
        _href = new(stack);
    }

    /// <summary>Parses and serialises; the same text and base give the same result, whatever the text.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> text, WebAddress? relativeTo, [NotNullWhen(true)] out string? href, out AddressParts parts)
    {
        Span<char> stack = stackalloc char[256];
        var parser = new AddressParser(relativeTo, stack);
        try
        {
            var parsed = parser.Parse(Cleaned(text));
            href = parsed ? parser._href.Written.ToString() : null;
            parts = new(parser._schemeEnd, parser._hostStart, parser._hostEnd, parser._port, parser._pathStart,
                parser._queryStart, parser._fragmentStart);
            return parsed;
        }
        finally
        {
            parser.Dispose();
        }
    }

    public readonly void Dispose() => _href.Dispose();

    private readonly bool IsSpecial => _defaultPort is not null;

    /// <summary>Without control characters and spaces at the ends, and without tabs and line ends anywhere.</summary>
    private static ReadOnlySpan<char> Cleaned(ReadOnlySpan<char> text)
    {
        while (text is [<= ' ', ..])
            text = text[1..];
        while (text is [.., <= ' '])
            text = text[..^1];
        return text.IndexOfAny('\t', '\n', '\r') < 0
            ? text
            : string.Concat(text.ToString().Split('\t', '\n', '\r'));
    }

    private bool Parse(ReadOnlySpan<char> text)
    {
        _rest = text;
        var scheme = Scheme.Length(text);
        if (scheme < 0)
            return ParseWithoutScheme();
        WriteScheme(text[..scheme]);
        _rest = text[(scheme + 1)..];
        if (_isFile)
            return ParseFile(_base is not null && _base.SchemeSpan is "file" ? _base : null);
        if (IsSpecial)
        {
            // "http:x.png" on an http page is relative; everywhere else its slashes are merely missing.
            if (_base is not null && _base.SchemeSpan.SequenceEqual(_href.Written[.._schemeEnd]) && !_rest.StartsWith("//"))
                return ParseRelative(_base);
            SkipSlashes();
            return ParseAuthority();
        }
        if (_rest.StartsWith("//"))
        {
            _rest = _rest[2..];
            return ParseAuthority();
        }
        WriteNoHost();
        if (_rest.StartsWith('/'))
        {
            _rest = _rest[1..];
            WritePath();
        }
        else
            WriteOpaquePath();
        return WriteQueryAndFragment();
    }

    private bool ParseWithoutScheme()
    {
        if (_base is null || (_base.HasOpaquePath && !_rest.StartsWith('#')))
            return false;
        WriteScheme(_base.SchemeSpan);
        if (_base.HasOpaquePath)
        {
            WriteNoHost();
            _href.Append(_base.PathSpan);
            return WriteQueryAndFragment(inherited: _base.QuerySpan);
        }
        return _isFile ? ParseFile(_base) : ParseRelative(_base);
    }

    private bool ParseRelative(WebAddress relativeTo)
    {
        if (_rest is [var first, ..] && IsSlash(first))
        {
            if (_rest is [_, var second, ..] && IsSlash(second))
            {
                _rest = _rest[2..];
                if (IsSpecial)
                    SkipSlashes();
                return ParseAuthority();
            }
            WriteAuthority(relativeTo);
            _rest = _rest[1..];
            WritePath();
            return WriteQueryAndFragment();
        }
        WriteAuthority(relativeTo);
        return ParsePathBeside(relativeTo);
    }

    /// <summary>What stands beside the base's last segment, or changes its query or fragment alone.</summary>
    private bool ParsePathBeside(WebAddress relativeTo)
    {
        _href.Append(relativeTo.PathSpan);
        if (_rest.IsEmpty || _rest[0] is '?' or '#')
            return WriteQueryAndFragment(inherited: relativeTo.QuerySpan);
        Shorten();
        WritePath();
        return WriteQueryAndFragment();
    }

    private bool ParseAuthority()
    {
        var end = IsSpecial ? _rest.IndexOfAny("/?#\\") : _rest.IndexOfAny("/?#");
        var authority = end < 0 ? _rest : _rest[..end];
        _rest = _rest[authority.Length..];
        _href.Append("//");
        if (authority.LastIndexOf('@') is >= 0 and var at)
        {
            WriteCredentials(authority[..at]);
            authority = authority[(at + 1)..];
            if (authority.IsEmpty)
                return false;
        }
        var colon = PortColon(authority);
        var host = colon < 0 ? authority : authority[..colon];
        if (host.IsEmpty && (IsSpecial || colon >= 0))
            return false;
        _hostStart = _href.Length;
        if (!HostParser.TryAppend(host, IsSpecial, ref _href))
            return false;
        _hostEnd = _href.Length;
        _port = _defaultPort ?? 0;
        if (colon >= 0 && !TryWritePort(authority[(colon + 1)..]))
            return false;
        WritePathFromRoot();
        return WriteQueryAndFragment();
    }

    /// <summary>The colon before the port: the first that is not inside the brackets of an IPv6 address.</summary>
    private static int PortColon(ReadOnlySpan<char> authority)
    {
        var bracketed = false;
        for (var at = 0; at < authority.Length; at++)
        {
            if (authority[at] == ':' && !bracketed)
                return at;
            bracketed = authority[at] == '[' || (bracketed && authority[at] != ']');
        }
        return -1;
    }

    private bool TryWritePort(ReadOnlySpan<char> digits)
    {
        if (digits.IsEmpty)
            return true;
        if (digits.IndexOfAnyExceptInRange('0', '9') >= 0)
            return false;
        digits = digits.TrimStart('0');
        if (digits.Length > 5 || !ushort.TryParse(digits.IsEmpty ? "0" : digits, out var port))
            return false;
        _port = port;
        if (port != _defaultPort)
        {
            _href.Append(':');
            _href.Append(port);
        }
        return true;
    }

    private readonly bool IsSlash(char letter) => letter == '/' || (letter == '\\' && IsSpecial);

    private void SkipSlashes() => _rest = _rest.TrimStart("/\\");
}
