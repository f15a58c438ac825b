using System.Buffers;

namespace WebImageText.Addresses;

/// <summary>An address while it is written: on the stack first, in pooled memory when it grows.</summary>
internal ref struct HrefBuffer(Span<char> stack)
{
    private Span<char> _chars = stack;
    private char[]? _rented;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<char> Written => _chars[..Length];

    public void Append(char letter)
    {
        if (Length == _chars.Length)
            Grow(1);
        _chars[Length++] = letter;
    }

    public void Append(scoped ReadOnlySpan<char> text)
    {
        if (text.Length > _chars.Length - Length)
            Grow(text.Length);
        text.CopyTo(_chars[Length..]);
        Length += text.Length;
    }

    /// <summary>Appends ASCII text in lower case.</summary>
    public void AppendLower(scoped ReadOnlySpan<char> text)
    {
        var from = Length;
        Append(text);
        foreach (ref var letter in _chars[from..Length])
            if (char.IsAsciiLetterUpper(letter))
                letter = (char)(letter | 0x20);
    }

    /// <summary>Appends a number without leading zeros.</summary>
    public void Append(uint number)
    {
        Span<char> digits = stackalloc char[10];
        number.TryFormat(digits, out var count, provider: System.Globalization.CultureInfo.InvariantCulture);
        Append(digits[..count]);
    }

    /// <summary>Forgets everything from a position on.</summary>
    public void Truncate(int length) => Length = length;

    public void Insert(int at, scoped ReadOnlySpan<char> text)
    {
        if (text.Length > _chars.Length - Length)
            Grow(text.Length);
        _chars[at..Length].CopyTo(_chars[(at + text.Length)..]);
        text.CopyTo(_chars[at..]);
        Length += text.Length;
    }

    public readonly void Dispose()
    {
        if (_rented is not null)
            ArrayPool<char>.Shared.Return(_rented);
    }

    private void Grow(int more)
    {
        var larger = ArrayPool<char>.Shared.Rent(Math.Max(_chars.Length * 2, Length + more));
        Written.CopyTo(larger);
        Dispose();
        _chars = _rented = larger;
    }
}
