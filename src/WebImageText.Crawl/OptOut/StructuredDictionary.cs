using System.Buffers;

namespace WebImageText.Crawl.OptOut;

/// <summary>A dictionary of structured field values.</summary>
/// <remarks>Only its tokens are kept; the rest is read to see that all of it is sound. RFC 9651, section 4.2.2. Linear, without recursion: an inner list holds no list.</remarks>
internal readonly struct StructuredDictionary
{
    private readonly Dictionary<string, string?> _tokens = [];

    public StructuredDictionary(string field)
    {
        if (!new Parser(field, _tokens).ReadAll())
            _tokens.Clear();
    }

    /// <summary>The token that a key has; null when the key is missing, its value is no token, or the field is broken.</summary>
    public string? Token(string key) => _tokens.GetValueOrDefault(key);

    private ref struct Parser(string field, Dictionary<string, string?> tokens)
    {
        private const string Lower = "abcdefghijklmnopqrstuvwxyz";
        private const string Digits = "0123456789";
        private const string Letters = Lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        private static readonly SearchValues<char> KeyRest = SearchValues.Create(Lower + Digits + "_-.*");
        private static readonly SearchValues<char> TokenRest = SearchValues.Create(Letters + Digits + "!#$%&'*+-.^_`|~:/");
        private static readonly SearchValues<char> Base64 = SearchValues.Create(Letters + Digits + "+/=");

        private ReadOnlySpan<char> _rest = field.AsSpan().Trim(' ');

        public bool ReadAll()
        {
            if (_rest.IsEmpty)
                return true;
            while (true)
            {
                if (!TryKey(out var key))
                    return false;
                string? token = null;
                if (!(Take('=') ? TryValue(out token) : TryParameters()))
                    return false;
                tokens[key.ToString()] = token;
                _rest = _rest.TrimStart(" \t");
                if (_rest.IsEmpty)
                    return true;
                if (!Take(','))
                    return false;
                // nothing after a comma is an error: the next key is missing
                _rest = _rest.TrimStart(" \t");
            }
        }

        private bool TryValue(out string? token)
        {
            token = null;
            if (!Take('('))
                return TryItem(out token) && TryParameters();
            while (true)
            {
                _rest = _rest.TrimStart(' ');
                if (Take(')'))
                    return TryParameters();
                if (!TryItem(out _) || !TryParameters() || !(_rest.StartsWith(' ') || _rest.StartsWith(')')))
                    return false;
            }
        }

        private bool TryParameters()
        {
            while (Take(';'))
            {
                _rest = _rest.TrimStart(' ');
                if (!TryKey(out _) || (Take('=') && !TryItem(out _)))
                    return false;
            }
            return true;
        }

        private bool TryKey(out ReadOnlySpan<char> key)
        {
            key = default;
            return !_rest.IsEmpty && (char.IsAsciiLetterLower(_rest[0]) || _rest[0] == '*') && TakeAll(KeyRest, out key);
        }

        private bool TryItem(out string? token)
        {
            token = null;
            if (_rest.IsEmpty)
                return false;
            switch (_rest[0])
            {
                case '"':
                    return TryString(1);
                case '%':
                    return _rest.StartsWith("%\"") && TryString(2);
                case ':':
                    _rest = _rest[1..];
                    TakeAll(Base64, out _);
                    return Take(':');
                case '?':
                    _rest = _rest[1..];
                    return Take('0') || Take('1');
                case '@':
                    _rest = _rest[1..];
                    return TryNumber(decimals: false);
                case '-' or >= '0' and <= '9':
                    return TryNumber(decimals: true);
                default:
                    if (!char.IsAsciiLetter(_rest[0]) && _rest[0] != '*')
                        return false;
                    TakeAll(TokenRest, out var text);
                    token = text.ToString();
                    return true;
            }
        }

        private bool TryString(int start)
        {
            for (var i = start; i < _rest.Length; i++)
            {
                if (_rest[i] is < ' ' or > '~')
                    return false;
                if (_rest[i] == '"')
                {
                    _rest = _rest[(i + 1)..];
                    return true;
                }
                if (start == 1 && _rest[i] == '\\' && (++i == _rest.Length || _rest[i] is not ('"' or '\\')))
                    return false;
            }
            return false;
        }

        private bool TryNumber(bool decimals)
        {
            Take('-');
            var whole = TakeDigits();
            if (whole is 0 or > 15)
                return false;
            return !decimals || !Take('.') || (whole <= 12 && TakeDigits() is >= 1 and <= 3);
        }

        private int TakeDigits()
        {
            var end = _rest.IndexOfAnyExceptInRange('0', '9');
            var count = end < 0 ? _rest.Length : end;
            _rest = _rest[count..];
            return count;
        }

        private bool TakeAll(SearchValues<char> these, out ReadOnlySpan<char> taken)
        {
            var end = _rest.IndexOfAnyExcept(these);
            taken = end < 0 ? _rest : _rest[..end];
            _rest = _rest[taken.Length..];
            return true;
        }

        private bool Take(char one)
        {
            if (!_rest.StartsWith(one))
                return false;
            _rest = _rest[1..];
            return true;
        }
    }
}
