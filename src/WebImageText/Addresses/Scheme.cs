namespace WebImageText.Addresses;

/// <summary>Schemes: WHATWG URL Standard, sections 4.2 and 4.4.</summary>
internal static class Scheme
{
    /// <summary>The port that a special scheme uses when none is given, 0 for <c>file</c>; null for other schemes.</summary>
    public static ushort? DefaultPort(ReadOnlySpan<char> scheme) => scheme switch
    {
        "http" or "ws" => 80,
        "https" or "wss" => 443,
        "ftp" => 21,
        "file" => 0,
        _ => null,
    };

    /// <summary>How many characters of the text are a scheme with a colon after it; -1 when it begins with none.</summary>
    public static int Length(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || !char.IsAsciiLetter(text[0]))
            return -1;
        var length = 1;
        while (length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || text[length] is '+' or '-' or '.'))
            length++;
        return length < text.Length && text[length] == ':' ? length : -1;
    }
}
