using System.Text;
using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens.Struct;

namespace WebImageText.Crawl.Extract;

/// <summary>Walks over the tokens of a page once and notes what matters. It builds no tree.</summary>
/// <remarks>
/// Of the tree it keeps the open elements that change what a token means: figures and their captions, pictures, drawings (in
/// which a title is no page title), templates (which show nothing). So depth costs nothing, and misnested tags mislead it no
/// more than a browser. Scripts do not run here: the content of <c>noscript</c> counts.
/// </remarks>
internal sealed class PageScan
{
    private enum Raw : byte { None, Skipped, Title, JsonLd, Rsl }

    // No more attributes than this are kept of one tag: the tokenizer compares each with each.
    private const int MostAttributes = 64;

    private readonly HtmlTokenizer _tokenizer;
    private readonly PageLimits _limits;
    private readonly PageFinds _finds;
    private readonly TagReader _tags;
    private readonly OpenElements _open;
    private readonly List<ReadOnlyMemory<char>> _sources = [];
    private readonly StringBuilder _script = new();
    private Raw _raw;

    public PageScan(HtmlTokenizer tokenizer, PageLimits limits)
    {
        (_tokenizer, _limits, _finds) = (tokenizer, limits, new());
        _tags = new(_finds, limits);
        _open = new(limits.OpenElements);
        tokenizer.DisableElementPositionTracking = true;
        tokenizer.SkipComments = tokenizer.SkipRawText = tokenizer.SkipPlaintext = tokenizer.SkipCDATA = true;
        tokenizer.SkipProcessingInstructions = true;
        tokenizer.ShouldEmitAttribute = static (ref StructHtmlToken tag, ReadOnlyMemory<char> name) =>
            HtmlTags.IsRead(tag.Name.Memory.Span, name.Span) && tag.Attributes.Count < MostAttributes;
    }

    /// <summary>Reads to the end of the page, or to a limit.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="stop"/> was cancelled.</exception>
    public PageFinds Run(CancellationToken stop)
    {
        for (var tokens = 0; tokens < _limits.Tokens; tokens++)
        {
            if ((tokens & 0xFF) == 0)
                stop.ThrowIfCancellationRequested();
            _tokenizer.SkipDataText = !InCaption;
            _tokenizer.SkipRCDataText = _raw != Raw.Title;
            _tokenizer.SkipScriptText = _raw is not (Raw.JsonLd or Raw.Rsl);
            _tokenizer.IsAcceptingCharacterData = _open.InForeign;
            ref var token = ref _tokenizer.GetStructToken();
            switch (token.Type)
            {
                case HtmlTokenType.StartTag:
                    Start(ref token);
                    break;
                case HtmlTokenType.EndTag:
                    End(token.Name.Memory.Span);
                    break;
                case HtmlTokenType.Character:
                    Text(token.Data.Memory.Span);
                    break;
                case HtmlTokenType.EndOfFile:
                    return _finds;
            }
        }
        _finds.LimitsHit |= PageLimit.Tokens;
        return _finds;
    }

    private bool InTemplate => _open.Has(OpenKind.Template);

    // what a drawing says is its own title
    private bool InCaption => _open.Has(OpenKind.Figcaption) && !_open.Has(OpenKind.Svg);

    private void Start(ref StructHtmlToken token)
    {
        var name = token.Name.Memory.Span;
        if (_open.InForeign && !StartInForeign(name, token.IsSelfClosing))
            return;
        Separate(name);
        switch (name)
        {
            case "script":
                Raws(HtmlParseMode.Script, ScriptKind(ref token));
                return;
            case "style" or "xmp" or "iframe" or "noembed" or "noframes":
                Raws(HtmlParseMode.Rawtext, Raw.Skipped);
                return;
            case "textarea":
                Raws(HtmlParseMode.RCData, Raw.Skipped);
                return;
            case "title":
                Raws(HtmlParseMode.RCData, _finds.Title is null && !InTemplate ? Raw.Title : Raw.Skipped);
                return;
            case "plaintext":
                Raws(HtmlParseMode.Plaintext, Raw.Skipped);
                return;
            case "template" when token.GetAttribute("shadowrootmode").IsNullOrEmpty:
                Open(OpenKind.Template);
                return;
            case "svg" when !token.IsSelfClosing:
                Open(OpenKind.Svg);
                return;
            case "math" when !token.IsSelfClosing:
                Open(OpenKind.Math);
                return;
        }
        if (!InTemplate)
            StartShown(name, ref token);
    }

    private void StartShown(ReadOnlySpan<char> name, ref StructHtmlToken token)
    {
        switch (name)
        {
            case "figure":
                if (Open(OpenKind.Figure, _finds.Figures.Count))
                    _finds.Figures.Add(new());
                break;
            case "figcaption" when _open.Nearest(OpenKind.Figure) is >= 0 and var figure:
                // the first caption that says anything is the figure's
                if (!_finds.Figures[figure].HasCaption)
                    Open(OpenKind.Figcaption, figure);
                break;
            case "picture":
                Open(OpenKind.Picture, _sources.Count);
                break;
            case "source" when _open.Has(OpenKind.Picture):
                TagReader.Source(ref token, _sources);
                break;
            case "img" or "image":
                _tags.Image(ref token, _sources, _open.Nearest(OpenKind.Picture), _open.Nearest(OpenKind.Figure));
                break;
            case "a" or "area":
                _tags.Anchor(ref token, _open.Nearest(OpenKind.Figure));
                break;
            case "link":
                _tags.Link(ref token);
                break;
            case "meta":
                _tags.Meta(ref token);
                break;
            case "base" when _finds.Base is null && TagReader.Has(ref token, "href", out var address):
                _finds.Base = address;
                break;
            case "html" when _finds.Language.IsEmpty:
                _finds.Language = TagReader.Has(ref token, "lang", out var language) ? language
                    : token.GetAttribute("xml:lang").Memory;
                break;
        }
    }

    // False when the tag is part of the drawing or formula.
    private bool StartInForeign(ReadOnlySpan<char> name, bool closed)
    {
        if (HtmlTags.EndsForeign(name))
        {
            _open.LeaveForeign();
            return true;
        }
        // a formula inside a drawing is a part of the drawing, and the other way round
        switch (_open.Innermost)
        {
            case OpenKind.Svg when !closed && name is "svg":
                Open(OpenKind.Svg);
                break;
            case OpenKind.Svg when !closed && name is "foreignobject" or "desc" or "title":
                Open(OpenKind.HtmlInSvg, name.Length);
                break;
            case OpenKind.Math when !closed && name is "math":
                Open(OpenKind.Math);
                break;
        }
        return name is "a";
    }

    private void End(ReadOnlySpan<char> name)
    {
        if (_raw != Raw.None)
        {
            EndRaw();
            return;
        }
        if (_open.InForeign && HtmlTags.IsOfHtmlAlone(name))
            _open.LeaveForeign();
        Separate(name);
        switch (name)
        {
            case "figure":
                _open.Close(OpenKind.Figure);
                break;
            case "figcaption":
                _open.Close(OpenKind.Figcaption);
                break;
            case "picture":
                _open.Close(OpenKind.Picture);
                break;
            case "svg":
                _open.Close(OpenKind.Svg);
                break;
            case "math":
                _open.Close(OpenKind.Math);
                break;
            case "foreignobject" or "desc" or "title" when _open.Nearest(OpenKind.HtmlInSvg) == name.Length:
                _open.Close(OpenKind.HtmlInSvg);
                break;
            case "template":
                _open.Close(OpenKind.Template);
                break;
        }
    }

    private void Raws(HtmlParseMode mode, Raw kind) => (_tokenizer.State, _raw) = (mode, kind);

    private Raw ScriptKind(ref StructHtmlToken token)
    {
        var type = token.GetAttribute("type").Memory.Span;
        var essence = (type.IndexOf(';') is >= 0 and var end ? type[..end] : type).Trim();
        _script.Clear();
        return InTemplate ? Raw.Skipped
            : essence.Equals("application/ld+json", StringComparison.OrdinalIgnoreCase) ? Raw.JsonLd
            : essence.Equals("application/rsl+xml", StringComparison.OrdinalIgnoreCase) ? Raw.Rsl
            : Raw.Skipped;
    }

    private void Text(ReadOnlySpan<char> text)
    {
        switch (_raw)
        {
            case Raw.Title:
                AddBounded(_finds.Title ??= new(), text);
                break;
            case Raw.JsonLd or Raw.Rsl:
                _tags.Script(_script, text);
                break;
            case Raw.None when InCaption && !InTemplate:
                AddToCaption(text);
                break;
        }
    }

    private void EndRaw()
    {
        if (_raw is Raw.JsonLd or Raw.Rsl)
            _tags.EndScript(_script, isRsl: _raw == Raw.Rsl);
        _raw = Raw.None;
    }

    // Words of a caption on two lines are two words.
    private void Separate(ReadOnlySpan<char> name)
    {
        if (InCaption && !HtmlTags.IsInline(name))
            AddToCaption(" ");
    }

    private void AddToCaption(ReadOnlySpan<char> text)
    {
        var figure = _finds.Figures[_open.Nearest(OpenKind.Figcaption)];
        AddBounded(figure.Caption, text);
        figure.HasCaption |= !text.IsWhiteSpace();
    }

    // Cleaning shortens a text: four times the length that is kept is enough of it.
    private void AddBounded(StringBuilder to, ReadOnlySpan<char> text) =>
        to.Append(text[..Math.Clamp((4 * _limits.TextLength) - to.Length, 0, text.Length)]);

    private bool Open(OpenKind kind, int number = 0)
    {
        var opened = _open.TryOpen(kind, number);
        if (!opened)
            _finds.LimitsHit |= PageLimit.OpenElements;
        return opened;
    }
}
