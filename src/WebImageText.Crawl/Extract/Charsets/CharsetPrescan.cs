using System.Buffers;
using System.Text;

namespace WebImageText.Crawl.Extract.Charsets;

/// <summary>Looks for the encoding that a page states about itself in its first 1,024 bytes.</summary>
/// <remarks>WHATWG HTML Standard, section 13.2.3.2: "prescan a byte stream to determine its encoding", step by step.</remarks>
internal ref struct CharsetPrescan
{
    private const int Window = 1024;

    private static readonly SearchValues<char> LabelEnds = SearchValues.Create(" \t\n\f\r;");

    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    private CharsetPrescan(ReadOnlySpan<byte> body) => _bytes = body[..Math.Min(body.Length, Window)];

    /// <summary>The stated encoding, or null.</summary>
    public static Charset? Find(ReadOnlySpan<byte> body) => InUtf16(body) ?? new CharsetPrescan(body).Find();

    /// <summary>The encoding that the declaration of an XML document states, or null.</summary>
    public static Charset? FindXml(ReadOnlySpan<byte> body) => InUtf16(body) ?? InXmlDeclaration(body[..Math.Min(body.Length, Window)]);

    private Charset? Find() => InMeta() ?? InXmlDeclaration(_bytes);

    // A declaration in UTF-16 shows by its zeros.
    private static Charset? InUtf16(ReadOnlySpan<byte> body) =>
        body.StartsWith("<\0?\0x\0"u8) ? Charset.Utf16LittleEndian : body.StartsWith("\0<\0?\0x"u8) ? Charset.Utf16BigEndian : null;

    private Charset? InMeta()
    {
        for (; _at < _bytes.Length; _at++)
        {
            var rest = _bytes[_at..];
            if (rest[0] != '<')
                continue;
            if (rest.StartsWith("<!--"u8))
            {
                // the two hyphens of "<!--" may be those of "-->" as well
                var end = rest[2..].IndexOf("-->"u8);
                if (end < 0)
                    return null;
                _at += 2 + end + 2;
            }
            else if (rest.Length > 5 && IsName(rest[1..5], "meta") && (IsSpace(rest[5]) || rest[5] == '/'))
            {
                _at += 6;
                if (MetaElement() is { } stated)
                    return stated;
                _at--;
            }
            else if (rest.Length > 1 && (char.IsAsciiLetter((char)rest[1]) ||
                (rest.Length > 2 && rest[1] == '/' && char.IsAsciiLetter((char)rest[2]))))
            {
                while (_at < _bytes.Length && !IsSpace(_bytes[_at]) && _bytes[_at] != '>')
                    _at++;
                while (Attribute(out _, out _))
                {
                }
                _at--;
            }
            else if (rest.Length > 1 && rest[1] is (byte)'!' or (byte)'/' or (byte)'?')
            {
                var end = rest.IndexOf((byte)'>');
                if (end < 0)
                    return null;
                _at += end;
            }
        }
        return null;
    }

    // The attributes of a meta element; only a pragma's content, or charset by itself, states an encoding.
    private Charset? MetaElement()
    {
        bool gotPragma = false, sawPragma = false, sawContent = false, sawCharset = false;
        bool? needPragma = null;
        Charset? charset = null;
        while (Attribute(out var name, out var value))
        {
            switch (name)
            {
                case "http-equiv" when !sawPragma:
                    sawPragma = true;
                    gotPragma = value == "content-type";
                    break;
                case "content" when !sawContent:
                    sawContent = true;
                    if (charset is null && FromMetaContent(value) is { } inContent)
                        (charset, needPragma) = (inContent, true);
                    break;
                case "charset" when !sawCharset:
                    sawCharset = true;
                    (charset, needPragma) = (Charset.FromLabel(value), false);
                    break;
            }
        }
        if (_at >= _bytes.Length || needPragma is null || (needPragma.Value && !gotPragma) || charset is null)
            return null;
        return charset.IsUtf16 ? Charset.Utf8 : charset == Charset.UserDefined ? Charset.Windows1252 : charset;
    }

    // "Get an attribute": false at the end of the tag or of the bytes.
    private bool Attribute(out string name, out string value)
    {
        (name, value) = ("", "");
        while (_at < _bytes.Length && (IsSpace(_bytes[_at]) || _bytes[_at] == '/'))
            _at++;
        if (_at >= _bytes.Length || _bytes[_at] == '>')
            return false;
        var start = _at;
        while (_at < _bytes.Length && !EndsName(_bytes[_at], atStart: _at == start))
            _at++;
        name = Lower(_bytes[start.._at]);
        SkipSpaces();
        if (_at >= _bytes.Length)
            return false;
        if (_bytes[_at] != '=')
            return true;
        _at++;
        SkipSpaces();
        if (_at >= _bytes.Length)
            return false;
        if (_bytes[_at] is (byte)'"' or (byte)'\'')
        {
            var end = _bytes[(_at + 1)..].IndexOf(_bytes[_at]);
            if (end < 0)
            {
                _at = _bytes.Length;
                return false;
            }
            value = Lower(_bytes.Slice(_at + 1, end));
            _at += end + 2;
            return true;
        }
        start = _at;
        while (_at < _bytes.Length && !IsSpace(_bytes[_at]) && _bytes[_at] != '>')
            _at++;
        value = Lower(_bytes[start.._at]);
        return _at < _bytes.Length;
    }

    // "Extracting a character encoding from a meta element": charset=label, quoted or not, anywhere in the text.
    private static Charset? FromMetaContent(ReadOnlySpan<char> content)
    {
        while (content.IndexOf("charset") is >= 0 and var at)
        {
            content = content[(at + "charset".Length)..].TrimStart(" \t\n\f\r");
            if (!content.StartsWith('='))
                continue;
            content = content[1..].TrimStart(" \t\n\f\r");
            if (content.IsEmpty)
                return null;
            if (content[0] is '"' or '\'')
                return content[1..].IndexOf(content[0]) is >= 0 and var end ? Charset.FromLabel(content.Slice(1, end)) : null;
            var stop = content.IndexOfAny(LabelEnds);
            return Charset.FromLabel(stop < 0 ? content : content[..stop]);
        }
        return null;
    }

    // "Get an XML encoding".
    private static Charset? InXmlDeclaration(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("<?xml"u8) || bytes.IndexOf((byte)'>') is not (>= 0 and var close))
            return null;
        var declaration = Encoding.Latin1.GetString(bytes[..close]).AsSpan();
        if (declaration.IndexOf("encoding") is not (>= 0 and var at))
            return null;
        var rest = TrimControls(declaration[(at + "encoding".Length)..]);
        if (!rest.StartsWith('='))
            return null;
        rest = TrimControls(rest[1..]);
        if (rest.IsEmpty || rest[0] is not ('"' or '\'') || rest[1..].IndexOf(rest[0]) is not (>= 0 and var end))
            return null;
        var label = rest.Slice(1, end);
        if (label.IndexOfAnyInRange('\0', ' ') >= 0)
            return null;
        var charset = Charset.FromLabel(label);
        return charset is { IsUtf16: true } ? Charset.Utf8 : charset;
    }

    private static ReadOnlySpan<char> TrimControls(ReadOnlySpan<char> text)
    {
        var start = text.IndexOfAnyExceptInRange('\0', ' ');
        return start < 0 ? [] : text[start..];
    }

    private void SkipSpaces()
    {
        while (_at < _bytes.Length && IsSpace(_bytes[_at]))
            _at++;
    }

    private static bool EndsName(byte value, bool atStart) =>
        IsSpace(value) || value is (byte)'/' or (byte)'>' || (value == '=' && !atStart);

    private static bool IsSpace(byte value) => value is (byte)'\t' or (byte)'\n' or (byte)'\f' or (byte)'\r' or (byte)' ';

    private static bool IsName(ReadOnlySpan<byte> bytes, string name) => Ascii.EqualsIgnoreCase(bytes, name);

    private static string Lower(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes).ToLowerInvariant();
}
