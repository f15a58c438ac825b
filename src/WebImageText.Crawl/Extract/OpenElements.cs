namespace WebImageText.Crawl.Extract;

/// <summary>An element that changes what the tags inside it mean.</summary>
internal enum OpenKind : byte
{
    /// <summary>A figure; its number is that of <see cref="PageFinds.Figures"/>.</summary>
    Figure,
    /// <summary>The caption of the figure of that number.</summary>
    Figcaption,
    /// <summary>A picture; its number is that of its first source.</summary>
    Picture,
    /// <summary>A drawing.</summary>
    Svg,
    /// <summary>A formula.</summary>
    Math,
    /// <summary>A part of a drawing that holds HTML; its number is the length of its name.</summary>
    HtmlInSvg,
    /// <summary>What is not shown.</summary>
    Template,
}

/// <summary>The elements that are open, of those that matter. Every question is answered at once, however deep they are.</summary>
/// <param name="most">How many may be open.</param>
internal sealed class OpenElements(int most)
{
    private readonly Stack<OpenKind> _open = [];

    // for each kind the numbers of the open ones
    private readonly Stack<int>[] _numbers = [.. Enum.GetValues<OpenKind>().Select(_ => new Stack<int>())];

    /// <summary>The innermost is a drawing or a formula: tags mean something else there.</summary>
    public bool InForeign => _open.TryPeek(out var kind) && kind is OpenKind.Svg or OpenKind.Math;

    /// <summary>The kind of the innermost.</summary>
    /// <exception cref="InvalidOperationException">None is open.</exception>
    public OpenKind Innermost => _open.Peek();

    public bool Has(OpenKind kind) => _numbers[(int)kind].Count > 0;

    /// <summary>The number of the innermost of a kind, or -1.</summary>
    public int Nearest(OpenKind kind) => _numbers[(int)kind].TryPeek(out var number) ? number : -1;

    /// <summary>Opens one; false when there are too many.</summary>
    public bool TryOpen(OpenKind kind, int number = 0)
    {
        if (_open.Count == most)
            return false;
        _open.Push(kind);
        _numbers[(int)kind].Push(number);
        return true;
    }

    /// <summary>Closes the innermost of a kind and what was left open inside it; an end tag without a start tag closes nothing.</summary>
    public void Close(OpenKind kind)
    {
        if (!Has(kind))
            return;
        while (Innermost != kind)
            CloseInnermost();
        CloseInnermost();
    }

    /// <summary>Closes drawings and formulas that were left open.</summary>
    public void LeaveForeign()
    {
        while (InForeign)
            CloseInnermost();
    }

    private void CloseInnermost() => _numbers[(int)_open.Pop()].Pop();
}
