using System.Text;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Text;
using HtmlSource = AngleSharp.Text.TextSource;

namespace WebImageText.Crawl.Extract;

/// <summary>The text of a piece of HTML.</summary>
internal static class HtmlText
{
    /// <summary>Without tags, comments and scripts, entities decoded once, a space where a line or a block ends.</summary>
    public static string Of(string html)
    {
        if (html.AsSpan().IndexOfAny('<', '&') < 0)
            return html;
        using var tokenizer = new HtmlTokenizer(new HtmlSource(new StringTextSource(html)), HtmlEntityProvider.Resolver)
        {
            DisableElementPositionTracking = true,
            SkipComments = true,
            SkipRawText = true,
            SkipScriptText = true,
        };
        var text = new StringBuilder(html.Length);
        while (true)
        {
            ref var token = ref tokenizer.GetStructToken();
            switch (token.Type)
            {
                case HtmlTokenType.Character:
                    text.Append(token.Data.Memory.Span);
                    break;
                case HtmlTokenType.StartTag or HtmlTokenType.EndTag:
                    var name = token.Name.Memory.Span;
                    if (!HtmlTags.IsInline(name))
                        text.Append(' ');
                    if (token.Type == HtmlTokenType.StartTag && name is "script" or "style")
                        tokenizer.State = name is "script" ? HtmlParseMode.Script : HtmlParseMode.Rawtext;
                    break;
                case HtmlTokenType.EndOfFile:
                    return text.ToString();
            }
        }
    }
}
