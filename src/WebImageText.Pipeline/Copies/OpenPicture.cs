namespace WebImageText.Pipeline.Copies;

/// <summary>A picture whose question is open, and what was heard of it.</summary>
internal sealed class OpenPicture
{
    /// <summary>Reviews until a range that says nothing is asked again: at first, and at most. A message may be lost, or late.</summary>
    private const int FirstPatience = 20, MostPatience = 1200;

    // Of each range the number of the question that is under way there, or one of these.
    private const long ToAsk = 0, Waits = -1, Clear = -2;

    private readonly long[] _heard = new long[CopyTable.Ranges];
    private int _silent;
    private int _patience = FirstPatience;

    /// <param name="picture">Which one.</param>
    /// <param name="home">The range that asks, and need not ask itself.</param>
    public OpenPicture(PictureOf picture, int home) => (Picture, _heard[home]) = (picture, Clear);

    public PictureOf Picture { get; }

    /// <summary>The held picture that it is a copy of, as far as was heard.</summary>
    public CopyMatch? Found { get; private set; }

    /// <summary>Every range has said what it has to say.</summary>
    public bool IsAnswered
    {
        get
        {
            foreach (var heard in _heard)
                if (heard is ToAsk or > 0 || (heard == Waits && Found is null))
                    return false;
            return true;
        }
    }

    /// <summary>The range has yet to be asked.</summary>
    public bool IsToAsk(int range) => _heard[range] == ToAsk;

    public void Asked(int range, long number) => _heard[range] = number;

    /// <summary>Does the question still count? One that was asked again, or whose answer was overtaken, does not.</summary>
    public bool IsAsked(int range, long number) => _heard[range] == number;

    /// <summary>The range has answered.</summary>
    public void Hear(int range, CopyMatch? found, bool waits)
    {
        Found = CopyMatch.Best(Found, found);
        _heard[range] = waits ? Waits : Clear;
    }

    /// <summary>The range has a picture that is decided before this one: what it said, or is about to say, counts no more.</summary>
    public void Overtaken(int range) => _heard[range] = Waits;

    /// <summary>Time has passed: who made it wait, or has said nothing for long, is asked again.</summary>
    public void Review()
    {
        var isLate = _heard.Any(heard => heard > 0) && ++_silent >= _patience;
        if (isLate)
            (_silent, _patience) = (0, Math.Min(_patience * 2, MostPatience));
        for (var range = 0; range < _heard.Length; range++)
            if (_heard[range] == Waits || (isLate && _heard[range] > 0))
                _heard[range] = ToAsk;
    }
}
