using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace WebImageText.Cli.Report;

/// <summary>HTML that is being written. What is inserted into a piece of markup is always text: it cannot become markup.</summary>
internal sealed class HtmlText
{
    private const int LongestText = 600;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _html = new();

    /// <summary>Adds markup; strings inserted into it are encoded, numbers written for any country.</summary>
    public void Add(FormattableString markup)
    {
        var inserted = markup.GetArguments().Select(value => value is string text ? Encode(text) : value).ToArray();
        _html.AppendFormat(CultureInfo.InvariantCulture, markup.Format, inserted);
    }

    public override string ToString() => _html.ToString();

    /// <summary>For content or a quoted attribute; control characters become spaces, and a long text is cut.</summary>
    private static string Encode(string text)
    {
        var visible = string.Concat(text.EnumerateRunes().Take(LongestText).Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));
        return Encoder.Encode(visible.Length < text.Length ? visible + "…" : visible);
    }
}
