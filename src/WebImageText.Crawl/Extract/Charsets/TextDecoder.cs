using System.Text;

namespace WebImageText.Crawl.Extract.Charsets;

/// <summary>Turns the bytes of one character encoding into UTF-16. It never fails: what is no character is U+FFFD.</summary>
/// <remarks>Error mode "replacement" of the WHATWG Encoding Standard.</remarks>
internal abstract class TextDecoder
{
    /// <summary>Decodes all of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">The text, without a byte order mark.</param>
    /// <param name="chars">At least one char longer than <paramref name="bytes"/>.</param>
    /// <returns>The number of chars written.</returns>
    public abstract int Decode(ReadOnlySpan<byte> bytes, Span<char> chars);

    /// <summary>An encoding that the framework decodes as the standard does.</summary>
    public static TextDecoder OfFramework(int codePage) => new Framework(Replacing(codePage));

    /// <summary>A code page of the framework, with U+FFFD for what it lacks.</summary>
    protected static Encoding Replacing(int codePage)
    {
        var fallback = new DecoderReplacementFallback("\uFFFD");
        return CodePagesEncodingProvider.Instance.GetEncoding(codePage, EncoderFallback.ReplacementFallback, fallback)
            ?? Encoding.GetEncoding(codePage, EncoderFallback.ReplacementFallback, fallback);
    }

    private sealed class Framework(Encoding encoding) : TextDecoder
    {
        public override int Decode(ReadOnlySpan<byte> bytes, Span<char> chars) => encoding.GetChars(bytes, chars);
    }
}
