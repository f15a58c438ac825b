using System.Globalization;

namespace WebImageText.Pipeline.Copies;

/// <summary>
/// One range of the pictures of a data set: those it holds, and those at home in it whose question is open. Of all ranges
/// together no two hold copies of each other.
/// </summary>
/// <remarks>
/// A picture is opened at home, then every other range is asked; it is held once each has answered that nothing there stands in
/// its way. Of two copies that are open at once at least one question finds the other picture there, because both were opened
/// before they were asked about. The one with the smaller uid is decided first. The question that finds a smaller one waits, and
/// is asked again; the one that finds a greater one makes that forget what the asking range has told it, so that it asks
/// again. What is lost with a range (all that it does not read again at its start) can be opened anew and does no harm: nothing is
/// held that was not asked about. Thread-safe: the ranges of a node call each other.
/// </remarks>
/// <param name="range">Which one.</param>
/// <param name="looks">Those of its node.</param>
internal sealed class CopyTable(int range, LookIndex looks)
{
    /// <summary>Ranges of a data set; fixed, because they are part of the names in the journal.</summary>
    public const int Ranges = 16;

    private const int MostPictures = 1000;

    private readonly Lock _gate = new();
    private readonly CopyIndex _held = new(range, looks);
    private readonly Dictionary<PictureOf, OpenPicture> _open = [];
    private readonly Dictionary<PairUid, PictureOf> _promised = [];
    private long _questions;
    private bool _isClosed;

    /// <summary>Pictures whose question is open.</summary>
    public int Open => _open.Count;

    /// <summary>A range as entities, journal and messages name it.</summary>
    public static string NameOf(int range) => range.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Takes in what is in the data set for good.</summary>
    public void Hold(PictureOf picture)
    {
        lock (_gate)
        {
            _promised.Remove(picture.Uid);
            _held.Add(picture);
        }
    }

    /// <summary>Takes in what is held for a pair that is in no commit yet, or in one that is not decided.</summary>
    public void Promise(PictureOf picture)
    {
        lock (_gate)
        {
            _promised[picture.Uid] = picture;
            _held.Add(picture);
        }
    }

    /// <summary>The pairs were rejected after all: what is held for them alone is free. What is in the data set for good stays.</summary>
    public void Forget(IEnumerable<PairUid> pairs)
    {
        lock (_gate)
            foreach (var pair in pairs)
                if (_promised.Remove(pair, out var picture))
                    _held.Remove(picture);
    }

    /// <summary>Is the answer known here, without a question? Then the picture is held already, or as equal as can be to one that is.</summary>
    public bool Knows(PictureOf picture, out CopyMatch? copy)
    {
        lock (_gate)
        {
            copy = _held.FindExact(picture);
            return copy is not null || _held.Holds(picture);
        }
    }

    /// <summary>Opens a question; once.</summary>
    public void Begin(PictureOf picture)
    {
        lock (_gate)
            _open.TryAdd(picture, new(picture, range));
    }

    /// <summary>What is to be asked now, of whom; it counts as asked.</summary>
    public IReadOnlyList<(int Range, CopyQuestion Question)> Ask()
    {
        List<(int, CopyQuestion)> questions = [];
        lock (_gate)
        {
            for (var other = 0; other < Ranges; other++)
            {
                foreach (var part in _open.Values.Where(open => open.IsToAsk(other)).Chunk(MostPictures))
                {
                    questions.Add((other, new(NameOf(other), range, ++_questions, [.. part.Select(open => open.Picture)])));
                    foreach (var open in part)
                        open.Asked(other, _questions);
                }
            }
        }
        return questions;
    }

    /// <summary>What stands here in the way of another range's pictures; null once the range is closed.</summary>
    public CopyFindings? Answer(CopyQuestion question)
    {
        List<CopyFound> copies = [];
        List<PairUid> waits = [];
        lock (_gate)
        {
            if (_isClosed)
                return null;
            foreach (var picture in question.Pictures)
            {
                if (_held.Find(picture) is { } match)
                    copies.Add(new(picture.Uid, match));
                else if (IsAnyBefore(picture, question.From))
                    waits.Add(picture.Uid);
            }
        }
        return new(range, question.Number, copies, waits);
    }

    /// <summary>Takes an answer; one that came too late says nothing.</summary>
    public void Hear(CopyFindings findings)
    {
        lock (_gate)
        {
            foreach (var open in _open.Values)
            {
                if (!open.IsAsked(findings.Range, findings.Number))
                    continue;
                var uid = open.Picture.Uid;
                CopyMatch? found = null;
                foreach (var copy in findings.Copies)
                    if (copy.Uid == uid)
                        found = CopyMatch.Best(found, copy.Of);
                open.Hear(findings.Range, found, findings.Waits.Contains(uid));
            }
        }
    }

    /// <summary>Settles what can be settled, smaller uids first.</summary>
    public IReadOnlyList<CopyDecision> Decide()
    {
        List<CopyDecision> decisions = [];
        lock (_gate)
        {
            foreach (var open in _open.Values.Where(open => open.IsAnswered).OrderBy(open => open.Picture.Uid).ToList())
            {
                var picture = open.Picture;
                var match = CopyMatch.Best(open.Found, _held.Find(picture));
                if (match is null && _open.Keys.Any(other => other.IsBefore(picture) && looks.Rule.IsCopy(other, picture)))
                    continue;
                _open.Remove(picture);
                if (match is null)
                    Promise(picture);
                decisions.Add(new(picture, match));
            }
        }
        return decisions;
    }

    /// <summary>Time has passed.</summary>
    public void Review()
    {
        lock (_gate)
            foreach (var open in _open.Values)
                open.Review();
    }

    /// <summary>The range is here no more: whoever still has the table gets no answer.</summary>
    public void Close()
    {
        lock (_gate)
            _isClosed = true;
        looks.Remove(range);
    }

    // An open copy here that is decided before the picture; one that is decided after it has to ask again.
    private bool IsAnyBefore(PictureOf picture, int from)
    {
        var isAnyBefore = false;
        foreach (var open in _open.Values)
        {
            if (!looks.Rule.IsCopy(open.Picture, picture))
                continue;
            if (open.Picture.IsBefore(picture))
                isAnyBefore = true;
            else
                open.Overtaken(from);
        }
        return isAnyBefore;
    }
}
