using System.Text;

namespace WebImageText.Cli.Demo.Web;

/// <summary>How pages of a site are encoded, and how they say so.</summary>
/// <param name="Encoding">Of the bytes.</param>
/// <param name="ContentType">The header.</param>
/// <param name="Meta">The element in the head.</param>
/// <param name="Bom">Pages begin with a byte order mark.</param>
internal sealed record PageCharset(Encoding Encoding, string ContentType, string Meta = "", bool Bom = false)
{
    private static readonly Encoding Windows1252 =
        CodePagesEncodingProvider.Instance.GetEncoding(1252) ?? throw new InvalidOperationException("windows-1252 is not known here.");

    public static readonly PageCharset Utf8 = new(new UTF8Encoding(false), "text/html; charset=utf-8");

    public static readonly PageCharset Utf8InMeta = new(new UTF8Encoding(false), "text/html", "<meta charset=utf-8>");

    public static readonly PageCharset Utf8ByBom = new(Encoding.UTF8, "text/html", Bom: true);

    public static readonly PageCharset Utf16 = new(Encoding.Unicode, "text/html", Bom: true);

    public static readonly PageCharset WesternInMeta = new(Windows1252, "text/html", "<meta http-equiv=\"Content-Type\" content=\"text/html; charset=windows-1252\">");

    public static readonly PageCharset WesternByHeader = new(Windows1252, "text/html; charset=ISO-8859-1");

    /// <summary>The header is right, the page itself is not.</summary>
    public static readonly PageCharset Contradicted = new(new UTF8Encoding(false), "text/html; charset=utf-8", "<meta charset=iso-8859-1>");

    /// <summary>Nothing about it is worth a letter beyond ASCII.</summary>
    public bool IsUsual => this == Utf8 || this == Utf8InMeta;

    public bool CanWrite(string text) => Encoding.GetString(Encoding.GetBytes(text)) == text;
}
